"""The report: a value (``model``), its pages (``render``), and its files in a case folder."""

from __future__ import annotations
