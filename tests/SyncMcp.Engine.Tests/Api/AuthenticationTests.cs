using System.Text;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Api;

public sealed class AuthenticationTests
{
    [Fact]
    public async Task The_token_is_taken_as_header_and_as_password_of_Basic()
    {
        await using var engine = await EngineSession.StartAsync();
        (await engine.Get("/workspaces")).Expect(200);

        var token = engine.Token;
        engine.Token = null;
        (await engine.Send(HttpMethod.Get, "/workspaces", null, Basic("whoever", token!))).Expect(200);
        (await engine.Send(HttpMethod.Get, "/workspaces", null, Basic("", token!))).Expect(200);
    }

    [Fact]
    public async Task Without_the_right_token_nothing_is_answered_not_even_whether_a_route_is_there()
    {
        await using var engine = await EngineSession.StartAsync();
        var token = engine.Token!;
        foreach (var wrong in (string?[])[null, "", "x", token[..^1], token + "x", token.ToUpperInvariant()])
        {
            engine.Token = wrong;
            var refused = (await engine.Get("/workspaces")).Refused(401, "unauthorized");
            Assert.StartsWith("Basic ", refused.Headers["WWW-Authenticate"], StringComparison.Ordinal);
            (await engine.Get("/nowhere")).Refused(401, "unauthorized");
            (await engine.Post("/workspaces", """{"name": "x"}""")).Refused(401, "unauthorized");
        }

        engine.Token = null;
        foreach (var wrong in (string[])["Basic", "Basic ???", "Bearer " + token, "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(token))])
            (await engine.Send(HttpMethod.Get, "/workspaces", null, ("Authorization", wrong))).Refused(401, "unauthorized");
        (await engine.Send(HttpMethod.Get, "/workspaces", null, Basic(token, "wrong"))).Refused(401, "unauthorized");
    }

    private static (string, string) Basic(string user, string password) => ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
}
