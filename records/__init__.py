"""The reference central records service: residents, papers, devices and the policy, behind one HTTP API."""
