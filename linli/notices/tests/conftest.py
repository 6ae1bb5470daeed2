from linli.base.tests.house import house

__all__ = ["house"]
