"""What decides about places: which kinds there are and how they nest, coordinates, and official division codes."""

from linli.places.rules.coordinates import Extent as Extent
from linli.places.rules.coordinates import default_coordinates as default_coordinates
from linli.places.rules.coordinates import extent_of as extent_of
from linli.places.rules.coordinates import from_gcj02 as from_gcj02
from linli.places.rules.coordinates import is_default_coordinate as is_default_coordinate
from linli.places.rules.coordinates import metres_between as metres_between
from linli.places.rules.coordinates import to_gcj02 as to_gcj02
from linli.places.rules.tree import ABOVE as ABOVE
from linli.places.rules.tree import EstateType as EstateType
from linli.places.rules.tree import FacilityClass as FacilityClass
from linli.places.rules.tree import Kind as Kind
from linli.places.rules.tree import Occupancy as Occupancy
from linli.places.rules.tree import Ownership as Ownership
from linli.places.rules.tree import clean_name as clean_name
from linli.places.rules.tree import facts_of as facts_of
from linli.places.rules.tree import full_code as full_code
from linli.places.rules.tree import full_name as full_name
from linli.places.rules.tree import is_beneath as is_beneath
from linli.places.rules.tree import may_stand_under as may_stand_under
from linli.places.rules.tree import path_end as path_end
from linli.places.rules.tree import short_code as short_code
