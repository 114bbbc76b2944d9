from buf.validate import validate_pb2 as _validate_pb2
from google.api import annotations_pb2 as _annotations_pb2
from google.api import field_behavior_pb2 as _field_behavior_pb2
from google.protobuf import field_mask_pb2 as _field_mask_pb2
from rapport.policy.v1 import policy_pb2 as _policy_pb2
from rapport.users.v1 import resources_pb2 as _resources_pb2
from rapport.users.v1 import session_service_pb2 as _session_service_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BeginPasskeyRegistrationRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class BeginPasskeyRegistrationResponse(_message.Message):
    __slots__ = ("options",)
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    options: CredentialCreationOptions
    def __init__(self, options: _Optional[_Union[CredentialCreationOptions, _Mapping]] = ...) -> None: ...

class RegisterPasskeyRequest(_message.Message):
    __slots__ = ("credential", "display_name")
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    credential: RegistrationCredential
    display_name: str
    def __init__(self, credential: _Optional[_Union[RegistrationCredential, _Mapping]] = ..., display_name: _Optional[str] = ...) -> None: ...

class RegisterPasskeyResponse(_message.Message):
    __slots__ = ("passkey", "recovery_codes")
    PASSKEY_FIELD_NUMBER: _ClassVar[int]
    RECOVERY_CODES_FIELD_NUMBER: _ClassVar[int]
    passkey: _resources_pb2.Passkey
    recovery_codes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, passkey: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ..., recovery_codes: _Optional[_Iterable[str]] = ...) -> None: ...

class GetPasskeyRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class ListPasskeysRequest(_message.Message):
    __slots__ = ("page_size", "page_token", "filter", "order_by", "show_deleted")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    FILTER_FIELD_NUMBER: _ClassVar[int]
    ORDER_BY_FIELD_NUMBER: _ClassVar[int]
    SHOW_DELETED_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    filter: str
    order_by: str
    show_deleted: bool
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., filter: _Optional[str] = ..., order_by: _Optional[str] = ..., show_deleted: _Optional[bool] = ...) -> None: ...

class ListPasskeysResponse(_message.Message):
    __slots__ = ("passkeys", "next_page_token")
    PASSKEYS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    passkeys: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Passkey]
    next_page_token: str
    def __init__(self, passkeys: _Optional[_Iterable[_Union[_resources_pb2.Passkey, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class UpdatePasskeyRequest(_message.Message):
    __slots__ = ("passkey", "update_mask", "request_id")
    PASSKEY_FIELD_NUMBER: _ClassVar[int]
    UPDATE_MASK_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    passkey: _resources_pb2.Passkey
    update_mask: _field_mask_pb2.FieldMask
    request_id: str
    def __init__(self, passkey: _Optional[_Union[_resources_pb2.Passkey, _Mapping]] = ..., update_mask: _Optional[_Union[_field_mask_pb2.FieldMask, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class DeletePasskeyRequest(_message.Message):
    __slots__ = ("id", "etag", "request_id")
    ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    etag: str
    request_id: str
    def __init__(self, id: _Optional[str] = ..., etag: _Optional[str] = ..., request_id: _Optional[str] = ...) -> None: ...

class BeginPasskeyLogInRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class BeginPasskeyLogInResponse(_message.Message):
    __slots__ = ("options",)
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    options: CredentialRequestOptions
    def __init__(self, options: _Optional[_Union[CredentialRequestOptions, _Mapping]] = ...) -> None: ...

class LogInWithPasskeyRequest(_message.Message):
    __slots__ = ("credential",)
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    credential: AuthenticationCredential
    def __init__(self, credential: _Optional[_Union[AuthenticationCredential, _Mapping]] = ...) -> None: ...

class BeginPasskeyCompletionRequest(_message.Message):
    __slots__ = ("token",)
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    token: str
    def __init__(self, token: _Optional[str] = ...) -> None: ...

class BeginPasskeyCompletionResponse(_message.Message):
    __slots__ = ("options",)
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    options: CredentialRequestOptions
    def __init__(self, options: _Optional[_Union[CredentialRequestOptions, _Mapping]] = ...) -> None: ...

class CompleteLogInWithPasskeyRequest(_message.Message):
    __slots__ = ("token", "credential")
    TOKEN_FIELD_NUMBER: _ClassVar[int]
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    token: str
    credential: AuthenticationCredential
    def __init__(self, token: _Optional[str] = ..., credential: _Optional[_Union[AuthenticationCredential, _Mapping]] = ...) -> None: ...

class BeginPasskeyVerificationRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class BeginPasskeyVerificationResponse(_message.Message):
    __slots__ = ("options",)
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    options: CredentialRequestOptions
    def __init__(self, options: _Optional[_Union[CredentialRequestOptions, _Mapping]] = ...) -> None: ...

class VerifySessionWithPasskeyRequest(_message.Message):
    __slots__ = ("credential", "password")
    CREDENTIAL_FIELD_NUMBER: _ClassVar[int]
    PASSWORD_FIELD_NUMBER: _ClassVar[int]
    credential: AuthenticationCredential
    password: str
    def __init__(self, credential: _Optional[_Union[AuthenticationCredential, _Mapping]] = ..., password: _Optional[str] = ...) -> None: ...

class CredentialCreationOptions(_message.Message):
    __slots__ = ("rp", "user", "challenge", "pub_key_cred_params", "timeout", "exclude_credentials", "authenticator_selection", "attestation")
    RP_FIELD_NUMBER: _ClassVar[int]
    USER_FIELD_NUMBER: _ClassVar[int]
    CHALLENGE_FIELD_NUMBER: _ClassVar[int]
    PUB_KEY_CRED_PARAMS_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_CREDENTIALS_FIELD_NUMBER: _ClassVar[int]
    AUTHENTICATOR_SELECTION_FIELD_NUMBER: _ClassVar[int]
    ATTESTATION_FIELD_NUMBER: _ClassVar[int]
    rp: CredentialRelyingParty
    user: CredentialUser
    challenge: str
    pub_key_cred_params: _containers.RepeatedCompositeFieldContainer[CredentialParameters]
    timeout: int
    exclude_credentials: _containers.RepeatedCompositeFieldContainer[CredentialDescriptor]
    authenticator_selection: AuthenticatorSelection
    attestation: str
    def __init__(self, rp: _Optional[_Union[CredentialRelyingParty, _Mapping]] = ..., user: _Optional[_Union[CredentialUser, _Mapping]] = ..., challenge: _Optional[str] = ..., pub_key_cred_params: _Optional[_Iterable[_Union[CredentialParameters, _Mapping]]] = ..., timeout: _Optional[int] = ..., exclude_credentials: _Optional[_Iterable[_Union[CredentialDescriptor, _Mapping]]] = ..., authenticator_selection: _Optional[_Union[AuthenticatorSelection, _Mapping]] = ..., attestation: _Optional[str] = ...) -> None: ...

class CredentialRelyingParty(_message.Message):
    __slots__ = ("id", "name")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ...) -> None: ...

class CredentialUser(_message.Message):
    __slots__ = ("id", "name", "display_name")
    ID_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    id: str
    name: str
    display_name: str
    def __init__(self, id: _Optional[str] = ..., name: _Optional[str] = ..., display_name: _Optional[str] = ...) -> None: ...

class CredentialParameters(_message.Message):
    __slots__ = ("type", "alg")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    ALG_FIELD_NUMBER: _ClassVar[int]
    type: str
    alg: int
    def __init__(self, type: _Optional[str] = ..., alg: _Optional[int] = ...) -> None: ...

class CredentialDescriptor(_message.Message):
    __slots__ = ("id", "type", "transports")
    ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    TRANSPORTS_FIELD_NUMBER: _ClassVar[int]
    id: str
    type: str
    transports: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, id: _Optional[str] = ..., type: _Optional[str] = ..., transports: _Optional[_Iterable[str]] = ...) -> None: ...

class AuthenticatorSelection(_message.Message):
    __slots__ = ("resident_key", "require_resident_key", "user_verification")
    RESIDENT_KEY_FIELD_NUMBER: _ClassVar[int]
    REQUIRE_RESIDENT_KEY_FIELD_NUMBER: _ClassVar[int]
    USER_VERIFICATION_FIELD_NUMBER: _ClassVar[int]
    resident_key: str
    require_resident_key: bool
    user_verification: str
    def __init__(self, resident_key: _Optional[str] = ..., require_resident_key: _Optional[bool] = ..., user_verification: _Optional[str] = ...) -> None: ...

class CredentialRequestOptions(_message.Message):
    __slots__ = ("challenge", "timeout", "rp_id", "allow_credentials", "user_verification")
    CHALLENGE_FIELD_NUMBER: _ClassVar[int]
    TIMEOUT_FIELD_NUMBER: _ClassVar[int]
    RP_ID_FIELD_NUMBER: _ClassVar[int]
    ALLOW_CREDENTIALS_FIELD_NUMBER: _ClassVar[int]
    USER_VERIFICATION_FIELD_NUMBER: _ClassVar[int]
    challenge: str
    timeout: int
    rp_id: str
    allow_credentials: _containers.RepeatedCompositeFieldContainer[CredentialDescriptor]
    user_verification: str
    def __init__(self, challenge: _Optional[str] = ..., timeout: _Optional[int] = ..., rp_id: _Optional[str] = ..., allow_credentials: _Optional[_Iterable[_Union[CredentialDescriptor, _Mapping]]] = ..., user_verification: _Optional[str] = ...) -> None: ...

class RegistrationCredential(_message.Message):
    __slots__ = ("id", "raw_id", "type", "response")
    ID_FIELD_NUMBER: _ClassVar[int]
    RAW_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    id: str
    raw_id: str
    type: str
    response: AttestationResponse
    def __init__(self, id: _Optional[str] = ..., raw_id: _Optional[str] = ..., type: _Optional[str] = ..., response: _Optional[_Union[AttestationResponse, _Mapping]] = ...) -> None: ...

class AttestationResponse(_message.Message):
    __slots__ = ("client_data_json", "attestation_object", "transports")
    CLIENT_DATA_JSON_FIELD_NUMBER: _ClassVar[int]
    ATTESTATION_OBJECT_FIELD_NUMBER: _ClassVar[int]
    TRANSPORTS_FIELD_NUMBER: _ClassVar[int]
    client_data_json: str
    attestation_object: str
    transports: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, client_data_json: _Optional[str] = ..., attestation_object: _Optional[str] = ..., transports: _Optional[_Iterable[str]] = ...) -> None: ...

class AuthenticationCredential(_message.Message):
    __slots__ = ("id", "raw_id", "type", "response")
    ID_FIELD_NUMBER: _ClassVar[int]
    RAW_ID_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    RESPONSE_FIELD_NUMBER: _ClassVar[int]
    id: str
    raw_id: str
    type: str
    response: AssertionResponse
    def __init__(self, id: _Optional[str] = ..., raw_id: _Optional[str] = ..., type: _Optional[str] = ..., response: _Optional[_Union[AssertionResponse, _Mapping]] = ...) -> None: ...

class AssertionResponse(_message.Message):
    __slots__ = ("client_data_json", "authenticator_data", "signature", "user_handle")
    CLIENT_DATA_JSON_FIELD_NUMBER: _ClassVar[int]
    AUTHENTICATOR_DATA_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    USER_HANDLE_FIELD_NUMBER: _ClassVar[int]
    client_data_json: str
    authenticator_data: str
    signature: str
    user_handle: str
    def __init__(self, client_data_json: _Optional[str] = ..., authenticator_data: _Optional[str] = ..., signature: _Optional[str] = ..., user_handle: _Optional[str] = ...) -> None: ...
