from django.urls import path

from linli.duties.views import calendars, editing, gaps, reading

app_name = "duties"
urlpatterns = [
    path("", reading.lists, name="lists"),
    path("why/", reading.why, name="why"),
    path("categories/", reading.categories, name="categories"),
    path("holidays/", calendars.holidays, name="holidays"),
    path("holidays/import/", calendars.import_holidays, name="import_holidays"),
    path("hours/<str:token>/", calendars.hours, name="hours"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("gaps/review/", gaps.review, name="review_gaps"),
    path("gaps/<str:token>/close/", gaps.close, name="close_gap"),
    path("draft/<str:token>/", editing.draft, name="draft"),
    path("lines/<str:token>/", reading.line, name="line"),
    path("lines/<str:token>/change/", editing.change_line, name="change_line"),
    path("lines/<str:token>/remove/", editing.remove_line, name="remove_line"),
    path("<str:token>/", reading.duty_list, name="list"),
    path("<str:token>/changes/", reading.changes, name="changes"),
    path("<str:token>/publish/", editing.publish, name="publish"),
    path("<str:token>/discard/", editing.discard, name="discard"),
    path("<str:token>/add/", editing.add_line, name="add_line"),
]
