"""How is each kind of fact found and kept? One small typed repository a table family."""
