using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Engine.Connections;
using SyncMcp.Engine.Connectors;
using SyncMcp.Engine.Tests.Testing;

namespace SyncMcp.Engine.Tests.Connections;

public sealed class ConnectionLogTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("syncmcp-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_happened_to_a_connection_is_read_in_its_log()
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await engine.ConnectionTo(engine.MakeDatabase("shop.db", "CREATE TABLE a (id INTEGER PRIMARY KEY)"));
        (await engine.Put($"/connections/{id}", """{"name": "renamed"}""")).Expect(200);
        (await engine.Post($"/connections/{id}/test")).Expect(200);
        var file = Assert.Single((await engine.Get($"/connections/{id}/logs")).Expect(200).Value)!;
        var text = (await engine.Post($"/connections/{id}/logs/download", $$"""{"name": "{{file["name"]}}"}""")).Expect(200);
        Assert.StartsWith("text/plain", text.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal((int)file["size"]!, text.Text.Length);
        Assert.Collection(text.Text.TrimEnd('\n').Split('\n'),
            line => Assert.EndsWith("Z Info Created by admin.", line, StringComparison.Ordinal),
            line => Assert.EndsWith("Z Info Changed by admin: name.", line, StringComparison.Ordinal),
            line => Assert.Contains("Z Info Test by admin: successful.", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("None", "")]
    [InlineData("Error", "Error ")]
    [InlineData(null, "Error Info ")]
    [InlineData("Info", "Error Info ")]
    [InlineData("Transfer", "Error Info Transfer ")]
    [InlineData("Verbose", "Error Info Transfer Verbose ")]
    public async Task Verbosity_decides_what_is_written(string? verbosity, string levels)
    {
        var (logs, row) = Make(verbosity);
        foreach (var level in Enum.GetValues<LogLevel>())
            logs.Write(row, [], level, "x");
        var text = logs.List(row.Id) is [var file] ? await logs.ReadAsync(row.Id, file.Name, Ct) : "";
        Assert.Equal(levels, string.Concat(text.Split('\n').Where(line => line.Length > 0).Select(line => line.Split(' ')[1] + " ")));
    }

    [Fact]
    public async Task A_line_is_one_line_without_secrets_whatever_a_driver_says()
    {
        var (logs, row) = Make("Info");
        logs.Write(row, ["hunter2", "hunter2-long"], LogLevel.Error, "no login with hunter2-long\r\n2026-01-01T00:00:00Z Info forged hunter2\u2028\u202Ex" + new string('y', 10_000));
        var text = await logs.ReadAsync(row.Id, "connection.log", Ct);
        Assert.DoesNotContain("hunter2", text, StringComparison.Ordinal);
        Assert.DoesNotContain("long", text, StringComparison.Ordinal);
        Assert.Equal(1, text.Count(letter => letter == '\n'));
        Assert.DoesNotContain('\u202E', text);
        Assert.True(text.Length < 2100);
    }

    [Fact]
    public async Task Full_files_are_put_aside_and_the_oldest_go()
    {
        var time = new FakeTimeProvider(new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));
        var (logs, row) = Make("Info", time);
        for (var at = 0; at < 8 * 1024; at++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            logs.Write(row, [], LogLevel.Info, $"{at} {new string('x', 1000)}");
        }

        var files = logs.List(row.Id);
        Assert.Equal(ConnectionLogs.MostFiles, files.Count);
        Assert.All(files, file => Assert.InRange(file.Size!.Value, 1, ConnectionLogs.MostBytes));
        Assert.Equal("connection.log", files[0].Name);
        Assert.Contains(" 8191 ", await logs.ReadAsync(row.Id, "connection.log", Ct), StringComparison.Ordinal);
        Assert.Equal(files.Skip(1).Select(file => file.Name).OrderDescending(StringComparer.Ordinal), files.Skip(1).Select(file => file.Name));
    }

    [Theory]
    [InlineData("../../../token")]
    [InlineData("..%2f..%2ftoken")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("connection.log/../connection.log")]
    [InlineData("./connection.log")]
    [InlineData("CONNECTION.LOG")]
    [InlineData("secret.txt")]
    public async Task Only_files_that_the_list_names_are_read(string name)
    {
        await using var engine = await EngineSession.StartAsync();
        var id = await engine.ConnectionTo("shop.db");
        await File.WriteAllTextAsync(Path.Combine(engine.Folder, "logs", "connections", id, "secret.txt"), "x", Ct);
        var body = new JsonObject { ["name"] = name };
        (await engine.Post($"/connections/{id}/logs/download", body.ToJsonString())).Refused(404, "not_found");
    }

    [Fact]
    public async Task The_log_of_another_connection_is_not_reached_and_goes_with_its_connection()
    {
        await using var engine = await EngineSession.StartAsync();
        var mine = await engine.ConnectionTo("shop.db");
        var other = await engine.ConnectionTo("other.db");
        (await engine.Post($"/connections/{mine}/logs/download", $$"""{"name": "../{{other}}/connection.log"}""")).Refused(404, "not_found");
        var home = Path.Combine(engine.Folder, "logs", "connections", other);
        Assert.True(Directory.Exists(home));
        (await engine.Delete($"/connections/{other}")).Expect(204);
        Assert.False(Directory.Exists(home));
    }

    [Fact]
    public async Task A_log_that_cannot_be_written_does_not_stop_the_work()
    {
        await using var engine = await EngineSession.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(engine.Folder, "logs", "connections"), "a file where a folder belongs", Ct);
        var id = await engine.ConnectionTo("shop.db");
        (await engine.Post($"/connections/{id}/test")).Expect(200);
        Assert.Empty((await engine.Get($"/connections/{id}/logs")).Expect(200).Value);
        (await engine.Delete($"/connections/{id}")).Expect(204);
        Assert.NotEmpty(engine.Log);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private (ConnectionLogs Logs, ConnectionRow Row) Make(string? verbosity, TimeProvider? time = null)
    {
        var document = new JsonObject { ["name"] = "x", ["connector"] = "SQLite" };
        if (verbosity is not null)
            document["settings"] = new JsonObject { ["logfile_verbosity"] = verbosity };
        var now = TimeProvider.System.GetUtcNow();
        return (new(folder, time ?? TimeProvider.System, line => Assert.Fail(line)), new() { Id = "c", WorkspaceId = "default", Document = document, CreatedAt = now, UpdatedAt = now });
    }
}
