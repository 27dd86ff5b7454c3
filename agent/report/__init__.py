"""The report: a value (``model``), its words (``words``) and pages (``render``), and its files in a case folder."""
