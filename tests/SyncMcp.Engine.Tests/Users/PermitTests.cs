using SyncMcp.Client;
using SyncMcp.Engine.Tests.Testing;
using SyncMcp.Engine.Users;

namespace SyncMcp.Engine.Tests.Users;

/// <summary>Each role against each route, over HTTP.</summary>
public sealed class PermitTests
{
    [Theory]
    [InlineData("cdata_admin")]
    [InlineData("cdata_standard")]
    [InlineData("cdata_job_creator")]
    [InlineData("cdata_support")]
    public async Task A_role_passes_where_it_may_and_is_refused_everywhere_else_with_the_roles_that_may(string role)
    {
        await using var engine = await EngineSession.StartAsync();
        engine.Token = await Somebody.TokenAsync(engine, "somebody", $"\"{role}\"");

        foreach (var (area, endpoint) in Catalogue.Areas.SelectMany(area => area.Endpoints.Select(endpoint => (area.Name, endpoint))))
        {
            var route = string.Join('/', endpoint.Route.Split('/').Select(part => part.StartsWith('{') ? "nothing" : part));
            // Its own token must outlive the test.
            var body = endpoint.Kind == Kind.Token ? """{"user_id": "nobody"}""" : "{}";
            var answer = await engine.Send(endpoint.Method, route, endpoint.HasBody ? body : null);
            if (May(role, area, endpoint.Kind))
            {
                Assert.True(answer.Status is not (401 or 403 or >= 500), $"{role} {endpoint.Name}: {answer.Text}");
            }
            else
            {
                answer.Refused(403, "forbidden");
                Assert.Contains(endpoint.Name, answer.Message, StringComparison.Ordinal);
                Assert.Contains("Admin", answer.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task A_job_operator_is_told_who_could_change_a_connection_and_changes_nothing()
    {
        await using var engine = await EngineSession.StartAsync();
        var connection = await engine.ConnectionTo("a.db", "files");
        var admin = engine.Token;
        engine.Token = await Somebody.TokenAsync(engine, "nora", "\"Job Operator\"");

        var refused = (await engine.Put($"/connections/{connection}", """{"name": "mine"}""")).Refused(403, "forbidden");

        Assert.Contains("nora has the role Job Operator", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Admin or Standard", refused.Message, StringComparison.Ordinal);
        engine.Token = admin;
        Assert.Equal("files", (string?)(await engine.Get($"/connections/{connection}")).Expect(200).Json["name"]);
    }

    [Fact]
    public async Task A_user_without_a_role_may_nothing()
    {
        await using var engine = await EngineSession.StartAsync();
        engine.Token = await Somebody.TokenAsync(engine, "nobody", "");

        var refused = (await engine.Get("/workspaces")).Refused(403, "forbidden");

        Assert.Contains("no role", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_creator_sees_which_connections_there_are_and_not_how_they_are_set()
    {
        await using var engine = await EngineSession.StartAsync();
        var connection = await engine.ConnectionTo("secret-place.db", "files");
        foreach (var (role, sees) in ((string, bool)[])[("cdata_job_creator", false), ("cdata_support", true), ("cdata_standard", true)])
        {
            var admin = engine.Token;
            engine.Token = await Somebody.TokenAsync(engine, role, $"\"{role}\"");
            foreach (var route in (string[])[$"/connections/{connection}", "/workspaces/default/connections"])
            {
                var text = (await engine.Get(route)).Expect(200).Text;
                Assert.Contains("files", text, StringComparison.Ordinal);
                Assert.Equal(sees, text.Contains("secret-place.db", StringComparison.Ordinal));
            }

            engine.Token = admin;
        }
    }

    [Fact]
    public void An_area_without_a_rule_starts_no_engine()
    {
        var refused = Assert.Throws<InvalidOperationException>(() => new Permits([new("reports", [])]));
        Assert.Contains("reports", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_operation_that_no_rule_knows_is_for_administrators() =>
        Assert.Equal(["cdata_admin"], new Permits([]).Of(Catalogue.Find("list_jobs")!));

    // Written down apart from the engine's own table (sync-api-v2 2.5).
    private static bool May(string role, string area, Kind kind) => (role, area) switch
    {
        ("cdata_admin", _) => true,
        (_, "users") => false,
        _ when kind is Kind.Read or Kind.Download => true,
        (_, "workspaces") => false,
        (_, "connections") => role == "cdata_standard",
        _ => kind is Kind.Execute or Kind.Cancel || role != "cdata_support",
    };
}
