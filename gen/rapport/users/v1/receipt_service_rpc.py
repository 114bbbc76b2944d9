"""Typed Python of rapport.users.v1.ReceiptService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.users.v1 import receipt_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class ReceiptServiceMethods(Protocol):
    """What the service implements of ReceiptService beyond its standard methods."""

    def sign_receipt(self, call: Call, request: receipt_service_pb2.SignReceiptRequest) -> receipt_service_pb2.SignReceiptResponse: ...

    def get_receipt_keys(self, call: Call, request: receipt_service_pb2.GetReceiptKeysRequest) -> receipt_service_pb2.GetReceiptKeysResponse: ...


class ReceiptServiceClient:
    """Calls ReceiptService."""

    AREA = "rapport.users.v1.ReceiptService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def sign_receipt(self, request: receipt_service_pb2.SignReceiptRequest, *, timeout: float | None = None) -> receipt_service_pb2.SignReceiptResponse:
        """SignReceipt, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ReceiptService/SignReceipt", request, receipt_service_pb2.SignReceiptResponse, timeout)

    def get_receipt_keys(self, request: receipt_service_pb2.GetReceiptKeysRequest, *, timeout: float | None = None) -> receipt_service_pb2.GetReceiptKeysResponse:
        """GetReceiptKeys, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.ReceiptService/GetReceiptKeys", request, receipt_service_pb2.GetReceiptKeysResponse, timeout)
