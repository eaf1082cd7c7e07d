using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Scenarios;

/// <summary>The C# client in every revision over both transports: it lists, calls, is asked, completes and watches. Clients in other languages: tests/clients.sh.</summary>
public sealed class ForeignClientTests
{
    public static TheoryData<string, bool> All =>
        [.. from version in (string[])["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"] from http in (bool[])[false, true] select new TheoryDataRow<string, bool>(version, http)];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_client_lists_calls_is_asked_completes_and_watches(string version, bool http)
    {
        if (http)
        {
            await using var server = await HttpSession.StartAsync();
            var person = new Person();
            await using var client = await server.ConnectAsync(version, person);
            await WorkAsync(client, person, version);
        }
        else
        {
            await using var session = await SyncSession.StartAsync(version: version);
            await WorkAsync(session.Client, session.Person, version);
        }
    }

    private static async Task WorkAsync(McpClient client, Person person, string version)
    {
        Assert.Equal(version, client.NegotiatedProtocolVersion);
        Assert.InRange((await client.ListToolsAsync(cancellationToken: Ct)).Count, 80, 110);
        Assert.Contains(await client.ListResourcesAsync(cancellationToken: Ct), resource => resource.Uri == "sync://workspaces/default");

        var workspace = (await HttpSession.CallAsync(client, "create_workspace", new { name = "Shop" })).Ok().Id;
        (await HttpSession.CallAsync(client, "create_workspace", new { nmae = "Shop" })).Refused("invalid_arguments");
        var offered = await client.CompleteAsync(new CompleteRequestParams { Ref = new ResourceTemplateReference { Uri = "sync://workspaces/{workspace_id}" }, Argument = new() { Name = "workspace_id", Value = "sho" } }, Ct);
        Assert.Equal(["Shop"], offered.Completion.Values);

        await WatchAsync(client, version, $"sync://workspaces/{workspace}", async () =>
            (await HttpSession.CallAsync(client, "create_connection", new { name = "new", connector = "SQLite", workspace_id = workspace, properties = new Dictionary<string, string> { ["Data Source"] = "new.db" } })).Ok());

        person.Confirms();
        (await HttpSession.CallAsync(client, "delete_workspace", new { workspace_id = "Shop" })).Ok();
        Assert.Single(person.Questions);
    }

    // The client has no word of its own for the way since 2026-07-28.
    private static async Task WatchAsync(McpClient client, string version, string uri, Func<Task> change)
    {
        var told = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var granted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var updates = client.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, (news, _) =>
        {
            told.TrySetResult((string?)news.Params?["uri"]);
            return default;
        });
        await using var grants = client.RegisterNotificationHandler(NotificationMethods.SubscriptionsAcknowledgedNotification, (_, _) =>
        {
            granted.TrySetResult();
            return default;
        });
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var listening = Task.CompletedTask;
        if (version == "2026-07-28")
        {
            var parameters = new JsonObject { ["notifications"] = new JsonObject { ["resourceSubscriptions"] = new JsonArray(uri) } };
            listening = client.SendRequestAsync(new JsonRpcRequest { Method = "subscriptions/listen", Params = parameters }, end.Token);
            await granted.Task.WaitAsync(SyncSession.Patience, Ct);
        }
        else
        {
            await client.SubscribeToResourceAsync(uri, cancellationToken: Ct);
        }

        await change();
        Assert.Equal(uri, await told.Task.WaitAsync(SyncSession.Patience, Ct));
        await end.CancelAsync();
        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
