"""Campaigns: from the department's plan to every subscriber's phone, with an account of each delivery."""
