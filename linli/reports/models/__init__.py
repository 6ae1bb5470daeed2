"""What superiors demand, what was filled for them, what is still to be asked, and the monthly report."""

from linli.reports.models.filling import Filling as Filling
from linli.reports.models.filling import Wanted as Wanted
from linli.reports.models.month import MonthlyReport as MonthlyReport
from linli.reports.models.template import Column as Column
from linli.reports.models.template import Demand as Demand
from linli.reports.models.template import Template as Template
from linli.reports.models.template import columns_of as columns_of
from linli.reports.models.template import overseeing as overseeing
from linli.reports.models.template import registering as registering
