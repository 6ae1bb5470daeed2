"""The kinds of facilities and how often each is looked at: data, which a district changes on its page."""
