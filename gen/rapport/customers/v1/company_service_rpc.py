"""Typed Python of rapport.customers.v1.CompanyService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from rapport.customers.v1 import company_service_pb2
from rapport.customers.v1 import resources_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class CompanyServiceMethods(Protocol):
    """What the service implements of CompanyService beyond its standard methods."""


class CompanyServiceClient:
    """Calls CompanyService."""

    AREA = "rapport.customers.v1.CompanyService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_company(self, request: company_service_pb2.GetCompanyRequest, *, timeout: float | None = None) -> resources_pb2.Company:
        """GetCompany, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.CompanyService/GetCompany", request, resources_pb2.Company, timeout)

    def list_companies(self, request: company_service_pb2.ListCompaniesRequest, *, timeout: float | None = None) -> company_service_pb2.ListCompaniesResponse:
        """ListCompanies, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.CompanyService/ListCompanies", request, company_service_pb2.ListCompaniesResponse, timeout)

    def batch_get_companies(self, request: company_service_pb2.BatchGetCompaniesRequest, *, timeout: float | None = None) -> company_service_pb2.BatchGetCompaniesResponse:
        """BatchGetCompanies, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.CompanyService/BatchGetCompanies", request, company_service_pb2.BatchGetCompaniesResponse, timeout)

    def count_companies(self, request: company_service_pb2.CountCompaniesRequest, *, timeout: float | None = None) -> company_service_pb2.CountCompaniesResponse:
        """CountCompanies, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.CompanyService/CountCompanies", request, company_service_pb2.CountCompaniesResponse, timeout)

    def create_company(self, request: company_service_pb2.CreateCompanyRequest, *, timeout: float | None = None) -> resources_pb2.Company:
        """CreateCompany, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.CompanyService/CreateCompany", request, resources_pb2.Company, timeout)

    def update_company(self, request: company_service_pb2.UpdateCompanyRequest, *, timeout: float | None = None) -> resources_pb2.Company:
        """UpdateCompany, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.CompanyService/UpdateCompany", request, resources_pb2.Company, timeout)

    def delete_company(self, request: company_service_pb2.DeleteCompanyRequest, *, timeout: float | None = None) -> resources_pb2.Company:
        """DeleteCompany, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.CompanyService/DeleteCompany", request, resources_pb2.Company, timeout)

    def undelete_company(self, request: company_service_pb2.UndeleteCompanyRequest, *, timeout: float | None = None) -> resources_pb2.Company:
        """UndeleteCompany, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.customers.v1.CompanyService/UndeleteCompany", request, resources_pb2.Company, timeout)
