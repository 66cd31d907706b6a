"""Texts that leave for residents' phones: what they may say, the gateway they leave by, and who sends them."""
