"""What a platform asks of a change before it is merged: policies, limits on jumps, owners, scope."""
