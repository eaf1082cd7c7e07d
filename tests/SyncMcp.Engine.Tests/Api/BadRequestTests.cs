using System.Text;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Api;

public sealed class BadRequestTests
{
    private const string Connections = "/workspaces/default/connections";

    [Theory]
    [InlineData("{", "invalid_json")]
    [InlineData("not json", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    [InlineData("null", "invalid_json")]
    [InlineData("\"text\"", "invalid_json")]
    [InlineData("""{"name": "a"} x""", "invalid_json")]
    [InlineData("""{"name": "a", "name": "b"}""", "invalid_json")]
    [InlineData("""{"name": "a", "Name": "b"}""", "invalid_request")]
    [InlineData("""{"nmae": "a"}""", "unknown_member")]
    [InlineData("""{"name": 5}""", "invalid_request")]
    [InlineData("""{"name": null}""", "invalid_request")]
    [InlineData("""{"name": ""}""", "invalid_request")]
    [InlineData("""{"name": "   "}""", "invalid_request")]
    [InlineData("""{"name": "a\u0000b"}""", "invalid_request")]
    [InlineData("""{"name": "\ud800"}""", "invalid_request")]
    [InlineData("""{"workspace_id": "default", "name": "a"}""", "unknown_member")]
    [InlineData("", "invalid_request")]
    public async Task A_body_that_is_wrong_is_refused_and_changes_nothing(string body, string code)
    {
        await using var engine = await EngineSession.StartAsync();
        (await engine.Post("/workspaces", body)).Refused(400, code);
        Assert.Single((await engine.Get("/workspaces")).Expect(200).Value);
        Assert.Empty(engine.Log);
    }

    [Theory]
    [InlineData("""{"nmae": "a"}""", "Unknown member `nmae`. Did you mean `name`?")]
    [InlineData("""{"name": "a", "connector": "SQLite", "settings": {"logfile_verbosty": "Info"}}""", "Unknown member `settings.logfile_verbosty`. Did you mean `logfile_verbosity`?")]
    [InlineData("""{"name": "a", "connector": "SQLite", "settings": {"logfile_verbosity": "Loud"}}""", "`settings.logfile_verbosity` cannot be `Loud`: it is one of None, Error, Info, Transfer, Verbose.")]
    [InlineData("""{"name": "a", "connector": "SQLite", "settings": {"use_cdata_callback_url": "yes"}}""", "`settings.use_cdata_callback_url` must be true or false, not text.")]
    [InlineData("""{"name": "a", "connector": "SQLite", "labels": ["x", 5]}""", "`labels[1]` must be text, not the number 5.")]
    [InlineData("""{"name": "a", "connector": "SQLite", "properties": {"Data Source": ["x"]}}""", "`properties.Data Source` must be text, not a list.")]
    [InlineData("""{"connector": "SQLite"}""", "`name` is required.")]
    [InlineData("""{"name": "a", "connector": "SQLite"}""", "`properties.Data Source` is required: SQLite cannot open without it.")]
    [InlineData("""{"name": "a", "connector": "SQLite", "properties": {"Data Source": " "}}""", "`properties.Data Source` is required: SQLite cannot open without it.")]
    [InlineData("""{"name": "a", "connector": "SQLite", "properties": {"DataSource": "x"}}""", "SQLite has no property `DataSource`. Did you mean `Data Source`?")]
    [InlineData("""{"name": "a", "connector": "SQLite", "properties": {"Data Source": "x", "data source": "y"}}""", "`properties.Data Source` is given twice.")]
    [InlineData("""{"name": "a", "connector": "SQLLite", "properties": {"Data Source": "x"}}""", "There is no connector `SQLLite`. Did you mean `SQLite`?")]
    public async Task A_refusal_names_the_member_and_the_way_out(string body, string message)
    {
        await using var engine = await EngineSession.StartAsync();
        Assert.Equal(message, (await engine.Post(Connections, body)).Expect(400).Message);
        Assert.Empty((await engine.Get(Connections)).Expect(200).Value);
    }

    [Fact]
    public async Task A_body_over_4_MiB_is_refused_and_the_next_request_is_served()
    {
        await using var engine = await EngineSession.StartAsync();
        var body = $$"""{"name": "{{new string('x', 4 * 1024 * 1024)}}"}""";
        (await engine.Post("/workspaces", body)).Refused(413, "too_large");
        (await engine.Get("/workspaces")).Expect(200);
    }

    [Fact]
    public async Task A_name_just_below_the_limit_of_a_body_is_refused_for_its_length()
    {
        await using var engine = await EngineSession.StartAsync();
        var refused = (await engine.Post("/workspaces", $$"""{"name": "{{new string('x', 3 * 1024 * 1024)}}"}""")).Expect(400);
        Assert.Contains("at most 200", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.Text.Length < 1000);
    }

    [Fact]
    public async Task JSON_nested_a_thousand_deep_is_refused()
    {
        await using var engine = await EngineSession.StartAsync();
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 1000)) + "1" + new string('}', 1000);
        (await engine.Post("/workspaces", deep)).Refused(400, "invalid_json");
    }

    [Theory]
    [InlineData("DELETE", "/workspaces", 405, "verb_not_allowed")]
    [InlineData("PATCH", "/workspaces/default", 405, "verb_not_allowed")]
    [InlineData("HEAD", "/workspaces", 405, null)]
    [InlineData("OPTIONS", "/workspaces", 405, "verb_not_allowed")]
    [InlineData("BREW", "/workspaces", 501, "verb_unknown")]
    [InlineData("BREW", "/nowhere", 501, "verb_unknown")]
    [InlineData("GET", "/nowhere", 404, "route_not_found")]
    [InlineData("GET", "", 404, "route_not_found")]
    [InlineData("GET", "/", 404, "route_not_found")]
    [InlineData("GET", "/api.rsc/v1/jobs", 404, "route_not_found")]
    [InlineData("GET", "/workspaces//connections", 404, "not_found")]
    [InlineData("GET", "/workspaces/default/", 200, null)]
    [InlineData("GET", "/workspaces?nonsense=1&%00=2", 200, null)]
    public async Task Verbs_and_routes_are_told_apart(string verb, string route, int status, string? code)
    {
        await using var engine = await EngineSession.StartAsync();
        var reply = (await engine.Send(new HttpMethod(verb), route)).Expect(status);
        if (code is not null)
            Assert.Equal(code, reply.Error);
        if (status == 405)
            Assert.Equal(route == "/workspaces" ? "GET, POST" : "DELETE, GET, PUT", reply.Headers["Allow"]);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=201")]
    [InlineData("limit=-1")]
    [InlineData("limit=99999999999")]
    [InlineData("limit=x")]
    [InlineData("offset=-1")]
    [InlineData("kind=CHAIRS")]
    [InlineData("include_system=perhaps")]
    public async Task Query_members_out_of_range_are_refused(string query)
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await engine.ConnectionTo(engine.MakeDatabase("shop.db", "CREATE TABLE a (id INTEGER PRIMARY KEY)"));
        var refused = (await engine.Get($"/connections/{id}/tables?{query}")).Refused(400, "invalid_request");
        Assert.StartsWith("`" + query[..query.IndexOf('=', StringComparison.Ordinal)] + "`", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_that_ends_in_the_middle_leaves_the_engine_serving()
    {
        await using var engine = await EngineSession.StartAsync();
        await using (var stream = await engine.ConnectAsync())
        {
            var head = $"POST /api.rsc/v2/workspaces HTTP/1.1\r\nHost: x\r\nx-cdata-authtoken: {engine.Token}\r\nContent-Length: 100\r\n\r\n{{\"name\": \"ha";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        }

        await using (var stream = await engine.ConnectAsync())
            await stream.WriteAsync("\0\u0001garbage\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Single((await engine.Get("/workspaces")).Expect(200).Value);
    }
}
