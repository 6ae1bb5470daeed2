"""Small grants to residents' groups."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from linli.base.fields import TokenField
from linli.partners.models.partner import Partner
from linli.people.models import Person


class Grant(models.Model):
    """A small grant: asked by the group, given by the community, accounted for in a sentence."""

    token = TokenField()
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="grants")
    purpose = models.CharField(_("做什么用的"), max_length=200)
    amount = models.DecimalField(_("金额（元）"), max_digits=8, decimal_places=2)
    given_on = models.DateField(_("拨付日"))
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    spent = models.DecimalField(_("用了（元）"), max_digits=8, decimal_places=2, null=True, blank=True)
    accounted_on = models.DateField(_("报账日"), null=True, blank=True)
    accounted_words = models.CharField(_("钱花在哪里"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("小额资助")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="grant_is_something"),
            models.CheckConstraint(
                condition=Q(spent=None) | (Q(spent__gte=0) & Q(spent__lte=F("amount"))),
                name="grant_spent_within",
            ),
        ]

    def __str__(self) -> str:
        return self.purpose
