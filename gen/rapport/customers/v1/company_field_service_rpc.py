"""Typed Python of rapport.customers.v1.CompanyFieldService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.customers.v1 import company_field_service_pb2
from rapport.customers.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class CompanyFieldServiceMethods(Protocol):
    """What the service implements of CompanyFieldService beyond its standard methods."""


class CompanyFieldServiceClient:
    """Calls CompanyFieldService."""

    AREA = "rapport.customers.v1.CompanyFieldService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_company_field(self, request: company_field_service_pb2.GetCompanyFieldRequest, *, timeout: float | None = None) -> resources_pb2.CompanyField:
        """GetCompanyField, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.CompanyFieldService/GetCompanyField", request, resources_pb2.CompanyField, timeout)

    def list_company_fields(self, request: company_field_service_pb2.ListCompanyFieldsRequest, *, timeout: float | None = None) -> company_field_service_pb2.ListCompanyFieldsResponse:
        """ListCompanyFields, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.CompanyFieldService/ListCompanyFields", request, company_field_service_pb2.ListCompanyFieldsResponse, timeout)

    def batch_get_company_fields(self, request: company_field_service_pb2.BatchGetCompanyFieldsRequest, *, timeout: float | None = None) -> company_field_service_pb2.BatchGetCompanyFieldsResponse:
        """BatchGetCompanyFields, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.CompanyFieldService/BatchGetCompanyFields", request, company_field_service_pb2.BatchGetCompanyFieldsResponse, timeout)

    def create_company_field(self, request: company_field_service_pb2.CreateCompanyFieldRequest, *, timeout: float | None = None) -> resources_pb2.CompanyField:
        """CreateCompanyField, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.CompanyFieldService/CreateCompanyField", request, resources_pb2.CompanyField, timeout)

    def update_company_field(self, request: company_field_service_pb2.UpdateCompanyFieldRequest, *, timeout: float | None = None) -> resources_pb2.CompanyField:
        """UpdateCompanyField, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.CompanyFieldService/UpdateCompanyField", request, resources_pb2.CompanyField, timeout)

    def delete_company_field(self, request: company_field_service_pb2.DeleteCompanyFieldRequest, *, timeout: float | None = None) -> resources_pb2.CompanyField:
        """DeleteCompanyField, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.CompanyFieldService/DeleteCompanyField", request, resources_pb2.CompanyField, timeout)

    def undelete_company_field(self, request: company_field_service_pb2.UndeleteCompanyFieldRequest, *, timeout: float | None = None) -> resources_pb2.CompanyField:
        """UndeleteCompanyField, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.CompanyFieldService/UndeleteCompanyField", request, resources_pb2.CompanyField, timeout)
