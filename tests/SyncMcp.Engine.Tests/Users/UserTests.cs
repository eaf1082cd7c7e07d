using System.Text;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Users;

public sealed class UserTests
{
    [Fact]
    public async Task A_user_is_there_after_a_restart_and_its_password_nowhere()
    {
        await using var engine = await EngineSession.StartAsync();
        var made = (await engine.Post("/users", $$"""{"user": "Zoë 🦊", "password": "{{Somebody.Password}}", "email_address": "z@example.org", "roles": [{"id": "cdata_standard"}, "Job Creator"]}""")).Expect(201);
        var token = await Somebody.TokenOfAsync(engine, made.Id);
        await engine.RestartAsync();

        var user = (await engine.Get($"/users/{made.Id}")).Expect(200);
        Assert.Equal("Zoë 🦊", (string?)user.Json["user"]);
        Assert.Equal(["cdata_standard", "cdata_job_creator"], user.Json["roles"]!.AsArray().Select(role => (string?)role!["id"]));
        Assert.Equal("********", (string?)user.Json["token"]);
        Assert.Null(user.Json["password"]);
        Assert.Single((await engine.Get("/users")).Expect(200).Value);
        await engine.Engine.DisposeAsync();
        foreach (var file in Directory.GetFiles(engine.Folder, "*", SearchOption.AllDirectories))
        {
            var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
            Assert.DoesNotContain(token, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Somebody.Password, text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Sh0rt-a", "characters")]
    [InlineData("lower-case-1", "upper case")]
    [InlineData("UPPER-CASE-1", "lower case")]
    [InlineData("No-Digits-Here", "digit")]
    [InlineData("NoSpecial123", "special")]
    public async Task A_weak_password_is_refused_with_what_it_lacks_and_not_repeated(string password, string lacks)
    {
        await using var engine = await EngineSession.StartAsync();
        var user = await Somebody.MakeAsync(engine, "ann", "");
        foreach (var refused in (Reply[])[await engine.Post("/users", $$"""{"user": "bob", "password": "{{password}}"}"""), await engine.Put($"/users/{user}", $$"""{"password": "{{password}}"}""")])
        {
            Assert.Equal(400, refused.Status);
            Assert.Contains(lacks, refused.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(password, refused.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Roles_that_are_not_there_or_too_many_are_refused_with_the_list()
    {
        await using var engine = await EngineSession.StartAsync();
        string Body(string roles) => $$"""{"user": "ann", "password": "{{Somebody.Password}}", "roles": [{{roles}}]}""";

        var unknown = (await engine.Post("/users", Body("\"cdata_god\""))).Refused(400, "unknown_role");
        Assert.Contains("cdata_support (Job Operator)", unknown.Message, StringComparison.Ordinal);
        var six = (await engine.Post("/users", Body(string.Join(',', Enumerable.Repeat("\"Admin\"", 6))))).Refused(400, "invalid_request");
        Assert.Contains("at most 5", six.Message, StringComparison.Ordinal);
        foreach (var odd in (string[])["null", "7", "{}", "{\"role\": \"x\"}"])
            Assert.Equal(400, (await engine.Post("/users", Body(odd))).Status);
        Assert.Empty((await engine.Get("/users")).Value);
    }

    [Fact]
    public async Task Odd_names_and_names_that_are_taken_are_refused()
    {
        await using var engine = await EngineSession.StartAsync();
        await Somebody.MakeAsync(engine, "Änne", "");
        foreach (var name in (string[])["", "  ", " ann", "admin", "Admin", "schedule", "änne", new('x', 10_000)])
            Assert.Equal(400, (await engine.Post("/users", $$"""{"user": "{{name}}", "password": "{{Somebody.Password}}"}""")).Status);
        Assert.Single((await engine.Get("/users")).Value);
    }

    [Fact]
    public async Task The_last_active_admin_can_be_neither_deleted_nor_deactivated_nor_demoted()
    {
        await using var engine = await EngineSession.StartAsync();
        var first = await Somebody.MakeAsync(engine, "first", "\"Admin\"");
        foreach (var refused in (Reply[])[await engine.Delete($"/users/{first}"), await engine.Put($"/users/{first}", """{"is_active": false}"""), await engine.Put($"/users/{first}", """{"roles": ["Standard"]}""")])
            refused.Refused(400, "last_admin");

        var second = await Somebody.MakeAsync(engine, "second", "\"Admin\"");
        (await engine.Put($"/users/{first}", """{"roles": ["Standard"]}""")).Expect(200);
        (await engine.Delete($"/users/{second}")).Refused(400, "last_admin");
        (await engine.Delete($"/users/{first}")).Expect(204);
    }

    [Fact]
    public async Task A_token_ends_by_time_by_another_by_deactivation_and_with_its_user()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var engine = await EngineSession.StartAsync(options => options with { Time = time });
        var admin = engine.Token;
        var user = await Somebody.MakeAsync(engine, "ann", "\"Standard\"");
        async Task<Reply> As(string? token)
        {
            engine.Token = token;
            var reply = await engine.Get("/workspaces");
            engine.Token = admin;
            return reply;
        }

        var first = await Somebody.TokenOfAsync(engine, user);
        (await As(first)).Expect(200);
        var second = await Somebody.TokenOfAsync(engine, user);
        (await As(first)).Refused(401, "unauthorized");
        (await As(second)).Expect(200);
        time.Advance(TimeSpan.FromDays(7));
        (await As(second)).Refused(401, "token_expired");

        var third = await Somebody.TokenOfAsync(engine, user);
        (await engine.Put($"/users/{user}", """{"is_active": false}""")).Expect(200);
        (await As(third)).Refused(401, "unauthorized");
        (await engine.Post("/users/generate-token", $$"""{"user_id": "{{user}}"}""")).Refused(400, "user_inactive");
        (await engine.Put($"/users/{user}", """{"is_active": true}""")).Expect(200);
        (await As(third)).Refused(401, "unauthorized");

        var fourth = await Somebody.TokenOfAsync(engine, user);
        (await engine.Delete($"/users/{user}")).Expect(204);
        (await As(fourth)).Refused(401, "unauthorized");
    }

    [Fact]
    public async Task A_key_never_makes_a_token_be_kept_in_clear()
    {
        await using var engine = await EngineSession.StartAsync();
        var user = await Somebody.MakeAsync(engine, "ann", "");
        string body = $$"""{"user_id": "{{user}}"}""";
        var first = (string?)(await engine.Post("/users/generate-token", body, ("Idempotency-Key", "k"))).Json["token"];
        Assert.NotEqual(first, (string?)(await engine.Post("/users/generate-token", body, ("Idempotency-Key", "k"))).Json["token"]);
    }

    [Fact]
    public async Task The_same_change_again_is_none_and_an_old_state_is_refused()
    {
        await using var engine = await EngineSession.StartAsync();
        var user = await Somebody.MakeAsync(engine, "ann", "\"Standard\"");
        var before = (await engine.Get($"/users/{user}")).ETag;
        Assert.Equal(before, (await engine.Put($"/users/{user}", """{"roles": ["Standard"], "is_active": true}""")).Expect(200).ETag);
        Assert.NotEqual(before, (await engine.Put($"/users/{user}", """{"email_address": "a@example.org"}""")).Expect(200).ETag);
        (await engine.Put($"/users/{user}", """{"is_active": false}""", ("If-Match", before!))).Refused(412, "state_changed");
        (await engine.Put($"/users/{user}", """{"roles": null}""")).Refused(400, "invalid_request");
    }

    [Fact]
    public async Task History_says_which_user_started_a_run()
    {
        await using var engine = await EngineSession.StartAsync();
        engine.MakeDatabase("a.db", "CREATE TABLE t (id INTEGER PRIMARY KEY)");
        var from = await engine.ConnectionTo("a.db", "from");
        var to = await engine.ConnectionTo("b.db", "to");
        var job = (await engine.Post("/workspaces/default/jobs", $$"""{"name": "j", "source_connection": "{{from}}", "destination_connection": "{{to}}"}""")).Expect(201).Id;
        (await engine.Post($"/jobs/{job}/tasks", """{"table": "t"}""")).Expect(201);
        engine.Token = await Somebody.TokenAsync(engine, "nora", "\"Job Operator\"");
        Assert.Equal("nora", (string?)(await engine.Post($"/jobs/{job}/execute")).Json["triggered_by"]);
    }
}
