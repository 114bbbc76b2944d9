// An OpenID provider as others run it, on loopback: whoever gives an address is the person of that address.
import Provider from "oidc-provider";

const [port, redirectUri] = process.argv.slice(2);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "rapport", client_secret: "a secret of+both", redirect_uris: [redirectUri] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  cookies: { keys: ["of this run"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: id, email_verified: !id.startsWith("unsure"), name: "Ada Lovelace" }),
  }),
});

provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
