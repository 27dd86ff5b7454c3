"""Tests of the report and its pages."""
