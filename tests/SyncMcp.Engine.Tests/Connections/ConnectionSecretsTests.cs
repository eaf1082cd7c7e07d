using System.Text;
using SyncMcp.Engine.Connections;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Connections;

public sealed class ConnectionSecretsTests
{
    private const string Secret = "correct-horse-battery";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_secret_is_in_no_answer_and_in_no_file()
    {
        await using var engine = await EngineSession.StartAsync();
        var created = (await engine.Post("/workspaces/default/connections", Body(Secret), ("Idempotency-Key", "k"))).Expect(201);
        var id = created.Id;
        Assert.Equal("********", (string)created.Json["properties"]!["Password"]!);
        var replies = new List<Reply>
        {
            created,
            await engine.Post("/workspaces/default/connections", Body(Secret), ("Idempotency-Key", "k")),
            await engine.Post("/workspaces/default/connections", Body(Secret)),
            await engine.Get($"/connections/{id}"),
            await engine.Get("/workspaces/default/connections"),
            await engine.Put($"/connections/{id}", $$$"""{"properties": {"Password": "{{{Secret}}}-2"}, "settings": {"logfile_verbosity": "Verbose"}}"""),
            await engine.Put($"/connections/{id}", $$$"""{"connection_string": "Server=db;Database=shop;User=sync;Password={{{Secret}}}-3"}"""),
            await engine.Put($"/connections/{id}", $$"""{"connection_string": "Server=db;Nonsense={{Secret}}"}"""),
            await engine.Put($"/connections/{id}", $$$"""{"connection_string": "{{{Secret}}}"}"""),
            await engine.Post($"/connections/{id}/test"),
            await engine.Get($"/connections/{id}/tables"),
            await engine.Post($"/connections/{id}/logs/download", """{"name": "connection.log"}"""),
        };
        Assert.DoesNotContain(replies, reply => reply.Text.Contains(Secret, StringComparison.Ordinal));
        Assert.DoesNotContain(engine.Log, line => line.Contains(Secret, StringComparison.Ordinal));
        Assert.Equal(Secret + "-3", (await Resolve(engine, id))!.Properties["password"]);

        Assert.Empty(FilesWith(engine, Secret)); // with the write-ahead log
        await engine.Engine.DisposeAsync();
        Assert.Empty(FilesWith(engine, Secret));
        Assert.NotEmpty(FilesWith(engine, "warehouse")); // the search does find what is there
    }

    [Fact]
    public async Task The_mask_sent_back_keeps_the_stored_value_also_after_a_restart()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = (await engine.Post("/workspaces/default/connections", Body(Secret))).Expect(201).Id;
        (await engine.Put($"/connections/{id}", """{"properties": {"Password": "********", "User": "other"}}""")).Expect(200);
        await engine.RestartAsync();
        (await engine.Put($"/connections/{id}", """{"connection_string": "Server=db2;Database=shop;User=sync;Password=********"}""")).Expect(200);
        var resolved = await Resolve(engine, id);
        Assert.Equal((Secret, "db2"), (resolved!.Properties["Password"], resolved.Properties["Server"]));
    }

    [Fact]
    public async Task A_mask_that_keeps_nothing_is_refused()
    {
        await using var engine = await EngineSession.StartAsync();
        (await engine.Post("/workspaces/default/connections", Body("********"))).Refused(400, "secrets_needed");
        var id = (await engine.Post("/workspaces/default/connections", Body(Secret))).Expect(201).Id;
        (await engine.Put($"/connections/{id}", """{"properties": {"Password": null}}""")).Expect(200);
        (await engine.Put($"/connections/{id}", """{"properties": {"Password": "********"}}""")).Refused(400, "secrets_needed");
        Assert.False((await Resolve(engine, id))!.Properties.ContainsKey("Password"));
    }

    [Fact]
    public async Task Reset_forgets_the_secrets_and_nothing_else()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = (await engine.Post("/workspaces/default/connections", Body(Secret))).Expect(201).Id;
        var reset = (await engine.Post($"/connections/{id}/reset-credentials")).Expect(200);
        Assert.Equal("""{"Server":"db","Database":"shop","User":"sync"}""", reset.Json["properties"]!.ToJsonString());
        Assert.Equal("\"v2\"", reset.ETag);
        Assert.False((await Resolve(engine, id))!.Properties.ContainsKey("Password"));
        Assert.Equal("\"v2\"", (await engine.Post($"/connections/{id}/reset-credentials")).Expect(200).ETag);
    }

    [Fact]
    public async Task With_the_keys_gone_the_credentials_are_asked_for_anew()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = (await engine.Post("/workspaces/default/connections", Body(Secret))).Expect(201).Id;
        await engine.RestartAsync(() => Directory.Delete(Path.Combine(engine.Folder, "keys"), recursive: true));
        (await engine.Get($"/connections/{id}")).Expect(200);
        Assert.Equal("credentials_unreadable", (await Assert.ThrowsAsync<ReplicationException>(() => Resolve(engine, id))).Code);
        (await engine.Put($"/connections/{id}", """{"labels": ["x"]}""")).Refused(400, "secrets_needed");
        (await engine.Put($"/connections/{id}", $$$"""{"properties": {"Password": "{{{Secret}}}"}}""")).Expect(200);
        Assert.Equal(Secret, (await Resolve(engine, id))!.Properties["Password"]);
    }

    [Fact]
    public async Task Sealed_secrets_do_not_open_in_another_connection()
    {
        await using var engine = await EngineSession.StartAsync();
        var one = (await engine.Post("/workspaces/default/connections", Body(Secret))).Expect(201).Id;
        var other = (await engine.Post("/workspaces/default/connections", Body(Secret).Replace("warehouse", "other", StringComparison.Ordinal))).Expect(201).Id;
        await engine.Engine.Parts.Store.WriteAsync(
            session => session.Execute("UPDATE connection SET secrets = (SELECT secrets FROM connection WHERE id = @one) WHERE id = @other", ("@one", one), ("@other", other)), Ct);
        Assert.Equal("credentials_unreadable", (await Assert.ThrowsAsync<ReplicationException>(() => Resolve(engine, other))).Code);
    }

    [Fact]
    public async Task Keys_are_for_their_owner_alone_and_made_only_when_needed()
    {
        await using var engine = await EngineSession.StartAsync();
        var keys = Path.Combine(engine.Folder, "keys");
        await engine.ConnectionTo("shop.db");
        Assert.Empty(Directory.GetFiles(keys));
        (await engine.Post("/workspaces/default/connections", Body(Secret))).Expect(201);
        var key = Assert.Single(Directory.GetFiles(keys));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
    }

    private static string Body(string password) =>
        $$$"""{"name": "warehouse", "connector": "PostgreSQL", "properties": {"Server": "db", "Database": "shop", "User": "sync", "Password": "{{{password}}}"}}""";

    private static Task<ResolvedConnection?> Resolve(EngineSession engine, string id)
    {
        var doors = new ConnectionDoors(new(Path.Combine(engine.Folder, "keys")), new(engine.Files, () => []));
        return engine.Engine.Parts.Store.ReadAsync(session => doors.Resolve(session, id), Ct);
    }

    private static List<string> FilesWith(EngineSession engine, string text) =>
        [.. Directory.GetFiles(engine.Folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) is not ("engine.sock" or "engine.lock") && Bytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0)];

    private static byte[] Bytes(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
