"""The edge: what Envoy is told so that JSON, gRPC and gRPC-Web meet the same rules on one port.

It owns the HTTP surface: routes, token check, limits, errors of Envoy itself. It never decides what a contract does.
"""
