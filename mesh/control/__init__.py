"""The control plane: certificates, processes, their health, the checked Snapshot and the xDS server that publishes it.

It is the only authority on who may take calls. It never sees a tenant's data and never stands in a call's way: with it
gone, the edge and the services go on with what they last heard.
"""
