"""KPI: how far each measurable goal of each action plan is, counted live from the events of every service."""
