import pytest
from django.contrib.auth import get_user_model
from django.db.models import Model

from linli.places.tests.grove import Grove, plant_grove


@pytest.fixture
def grove(db: None) -> Grove:
    return plant_grove()


@pytest.fixture
def worker(db: None) -> Model:
    """Whoever acts: this floor knows no persons and names them as text."""
    return get_user_model().objects.create(username="sun")
