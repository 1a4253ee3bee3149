"""What people write with: new repositories, tenants and campaigns, formatting, upgrades."""
