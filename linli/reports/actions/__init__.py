"""Every verb about reports: taking a workbook in, filling it, asking for what is missing, writing the month."""

from linli.reports.actions.asking import answer as answer
from linli.reports.actions.asking import ask as ask
from linli.reports.actions.asking import leave as leave
from linli.reports.actions.asking import settle_everywhere as settle_everywhere
from linli.reports.actions.asking import settle_held as settle_held
from linli.reports.actions.asking import show as show
from linli.reports.actions.filling import answer_held as answer_held
from linli.reports.actions.filling import fill as fill
from linli.reports.actions.filling import gather as gather
from linli.reports.actions.filling import hand_out as hand_out
from linli.reports.actions.filling import is_all_held as is_all_held
from linli.reports.actions.filling import purge as purge
from linli.reports.actions.filling import read_missing as read_missing
from linli.reports.actions.filling import read_table as read_table
from linli.reports.actions.making import Asked as Asked
from linli.reports.actions.making import Mapped as Mapped
from linli.reports.actions.making import Upload as Upload
from linli.reports.actions.making import choose_layout as choose_layout
from linli.reports.actions.making import demand as demand
from linli.reports.actions.making import facts_of as facts_of
from linli.reports.actions.making import make as make
from linli.reports.actions.making import map_columns as map_columns
from linli.reports.actions.making import retire as retire
from linli.reports.actions.making import tag_kinds as tag_kinds
from linli.reports.actions.month import write_month as write_month
from linli.reports.actions.shipping import ship as ship
