"""Consent of a student who is helped: the receipt, its withdrawal, and the gate that no step passes without it."""

from __future__ import annotations

from agent.consent.gate import Gate, Needs
from agent.consent.receipt import FILE_NAME, Party, Receipt, issue, load
from agent.consent.registry import Register, withdraw
from agent.consent.statements import Action, Sensitive, Tick

__all__ = [
    "FILE_NAME",
    "Action",
    "Gate",
    "Needs",
    "Party",
    "Receipt",
    "Register",
    "Sensitive",
    "Tick",
    "issue",
    "load",
    "withdraw",
]
