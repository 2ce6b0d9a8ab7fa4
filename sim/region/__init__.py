"""What models of a city or a province have in common: its days, its size, its published figures.

Rule: a model multiplied by `scale` is a smaller place of the same kind. People, sites and servers
shrink together, so that each site stays about as busy; what is counted is never below one.

Reading order: `published` (figures and their sources), `days` (hours, working days, profiles),
`sizes` (sites, servers, scale), `trains` (people who come by trainloads), `spans` (times in words).
"""
