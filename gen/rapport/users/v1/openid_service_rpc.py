"""Typed Python of rapport.users.v1.OpenIdService. Generated from its contract; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from google.api import httpbody_pb2
from rapport.users.v1 import openid_service_pb2

if TYPE_CHECKING:
    from mesh.runtime.call import Call
    from mesh.runtime.client import Caller


class OpenIdServiceMethods(Protocol):
    """What the service implements of OpenIdService beyond its standard methods."""

    def get_configuration(self, call: Call, request: openid_service_pb2.GetConfigurationRequest) -> httpbody_pb2.HttpBody: ...

    def get_keys(self, call: Call, request: openid_service_pb2.GetKeysRequest) -> httpbody_pb2.HttpBody: ...

    def authorize(self, call: Call, request: openid_service_pb2.AuthorizeRequest) -> httpbody_pb2.HttpBody: ...

    def authorize_by_form(self, call: Call, request: openid_service_pb2.AuthorizeByFormRequest) -> httpbody_pb2.HttpBody: ...

    def sign_in(self, call: Call, request: openid_service_pb2.SignInRequest) -> httpbody_pb2.HttpBody: ...

    def complete_sign_in(self, call: Call, request: openid_service_pb2.CompleteSignInRequest) -> httpbody_pb2.HttpBody: ...

    def begin_upstream(self, call: Call, request: openid_service_pb2.BeginUpstreamRequest) -> httpbody_pb2.HttpBody: ...

    def show_upstream_answer(self, call: Call, request: openid_service_pb2.ShowUpstreamAnswerRequest) -> httpbody_pb2.HttpBody: ...

    def take_upstream_answer(self, call: Call, request: openid_service_pb2.TakeUpstreamAnswerRequest) -> httpbody_pb2.HttpBody: ...

    def answer_link(self, call: Call, request: openid_service_pb2.AnswerLinkRequest) -> httpbody_pb2.HttpBody: ...

    def answer_consent(self, call: Call, request: openid_service_pb2.AnswerConsentRequest) -> httpbody_pb2.HttpBody: ...

    def authorize_device(self, call: Call, request: openid_service_pb2.AuthorizeDeviceRequest) -> httpbody_pb2.HttpBody: ...

    def show_device(self, call: Call, request: openid_service_pb2.ShowDeviceRequest) -> httpbody_pb2.HttpBody: ...

    def get_user_info(self, call: Call, request: openid_service_pb2.GetUserInfoRequest) -> httpbody_pb2.HttpBody: ...

    def introspect_token(self, call: Call, request: openid_service_pb2.IntrospectTokenRequest) -> httpbody_pb2.HttpBody: ...

    def revoke_token(self, call: Call, request: openid_service_pb2.RevokeTokenRequest) -> httpbody_pb2.HttpBody: ...

    def show_end_session(self, call: Call, request: openid_service_pb2.ShowEndSessionRequest) -> httpbody_pb2.HttpBody: ...

    def end_session(self, call: Call, request: openid_service_pb2.EndSessionRequest) -> httpbody_pb2.HttpBody: ...


class OpenIdServiceClient:
    """Calls OpenIdService."""

    AREA = "rapport.users.v1.OpenIdService"

    def __init__(self, caller: Caller) -> None:
        self._caller = caller

    def get_configuration(self, request: openid_service_pb2.GetConfigurationRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """GetConfiguration, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/GetConfiguration", request, httpbody_pb2.HttpBody, timeout)

    def get_keys(self, request: openid_service_pb2.GetKeysRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """GetKeys, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/GetKeys", request, httpbody_pb2.HttpBody, timeout)

    def authorize(self, request: openid_service_pb2.AuthorizeRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """Authorize, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/Authorize", request, httpbody_pb2.HttpBody, timeout)

    def authorize_by_form(self, request: openid_service_pb2.AuthorizeByFormRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """AuthorizeByForm, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/AuthorizeByForm", request, httpbody_pb2.HttpBody, timeout)

    def sign_in(self, request: openid_service_pb2.SignInRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """SignIn, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/SignIn", request, httpbody_pb2.HttpBody, timeout)

    def complete_sign_in(self, request: openid_service_pb2.CompleteSignInRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """CompleteSignIn, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/CompleteSignIn", request, httpbody_pb2.HttpBody, timeout)

    def begin_upstream(self, request: openid_service_pb2.BeginUpstreamRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """BeginUpstream, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/BeginUpstream", request, httpbody_pb2.HttpBody, timeout)

    def show_upstream_answer(self, request: openid_service_pb2.ShowUpstreamAnswerRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """ShowUpstreamAnswer, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/ShowUpstreamAnswer", request, httpbody_pb2.HttpBody, timeout)

    def take_upstream_answer(self, request: openid_service_pb2.TakeUpstreamAnswerRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """TakeUpstreamAnswer, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/TakeUpstreamAnswer", request, httpbody_pb2.HttpBody, timeout)

    def answer_link(self, request: openid_service_pb2.AnswerLinkRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """AnswerLink, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/AnswerLink", request, httpbody_pb2.HttpBody, timeout)

    def answer_consent(self, request: openid_service_pb2.AnswerConsentRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """AnswerConsent, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/AnswerConsent", request, httpbody_pb2.HttpBody, timeout)

    def authorize_device(self, request: openid_service_pb2.AuthorizeDeviceRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """AuthorizeDevice, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/AuthorizeDevice", request, httpbody_pb2.HttpBody, timeout)

    def show_device(self, request: openid_service_pb2.ShowDeviceRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """ShowDevice, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/ShowDevice", request, httpbody_pb2.HttpBody, timeout)

    def get_user_info(self, request: openid_service_pb2.GetUserInfoRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """GetUserInfo, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/GetUserInfo", request, httpbody_pb2.HttpBody, timeout)

    def introspect_token(self, request: openid_service_pb2.IntrospectTokenRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """IntrospectToken, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/IntrospectToken", request, httpbody_pb2.HttpBody, timeout)

    def revoke_token(self, request: openid_service_pb2.RevokeTokenRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """RevokeToken, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/RevokeToken", request, httpbody_pb2.HttpBody, timeout)

    def show_end_session(self, request: openid_service_pb2.ShowEndSessionRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """ShowEndSession, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/ShowEndSession", request, httpbody_pb2.HttpBody, timeout)

    def end_session(self, request: openid_service_pb2.EndSessionRequest, *, timeout: float | None = None) -> httpbody_pb2.HttpBody:
        """EndSession, within `timeout` seconds at most."""
        return self._caller.unary("/rapport.users.v1.OpenIdService/EndSession", request, httpbody_pb2.HttpBody, timeout)
