"""`handbill simulate`: every send of a period, on a virtual clock, with nothing sent."""
