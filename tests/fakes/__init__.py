"""Fakes of the outermost wires; nothing in here is imported by the product."""
