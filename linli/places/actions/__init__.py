"""Every verb of places: plant, change and retire them, lay grids, stick codes on them."""

from linli.places.actions.codes import issue_code as issue_code
from linli.places.actions.codes import issue_codes as issue_codes
from linli.places.actions.codes import replace_code as replace_code
from linli.places.actions.codes import retire_code as retire_code
from linli.places.actions.importing import Fault as Fault
from linli.places.actions.importing import Imported as Imported
from linli.places.actions.importing import import_divisions as import_divisions
from linli.places.actions.locating import Choice as Choice
from linli.places.actions.locating import beside as beside
from linli.places.actions.locating import choose as choose
from linli.places.actions.locating import find as find
from linli.places.actions.locating import locate as locate
from linli.places.actions.planting import change_facts as change_facts
from linli.places.actions.planting import plant as plant
from linli.places.actions.planting import plant_many as plant_many
from linli.places.actions.planting import retire as retire
from linli.places.actions.replanting import change_place as change_place
from linli.places.actions.replanting import check_move as check_move
from linli.places.actions.replanting import draw_grid as draw_grid
from linli.places.actions.replanting import lay_grid as lay_grid
from linli.places.actions.replanting import lift_grid as lift_grid
from linli.places.actions.replanting import move as move
from linli.places.actions.replanting import rename as rename
