using System.Text.RegularExpressions;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using SyncMcp.Guard;
using SyncMcp.Tests.Conventions;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Filters;

/// <summary>One gate for every method: what policy keeps from a tool it keeps from resources, completions and subscriptions too, before the server is asked.</summary>
public sealed class GateTests
{
    private const string Job = "11111111-1111-1111-1111-111111111111";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Calls_pass_the_filters_in_the_order_of_the_contract_and_reads_of_resources_the_same_gate()
    {
        var source = Sources.All.Single(one => one.Path == "src/SyncMcp/Transports/SyncMcpServer.cs").Text;
        string[] Listed(string name) => [.. Filters(name).Match(source).Groups["list"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

        string[] order = ["correlate", "measure", "audit", "shape", "limit", "validate", "start", "resolve", "refuse", "guard"];
        Assert.Equal(order, Listed("filters"));
        Assert.Equal(order.Where(filter => filter is not ("measure" or "audit" or "validate" or "guard")), Listed("gate"));
    }

    [Fact]
    public async Task What_policy_denies_is_read_watched_and_completed_by_nobody()
    {
        await using var server = await StubServer.StartAsync();
        server.List("/workspaces", [new() { ["id"] = "default", ["name"] = "default" }])
            .List("/workspaces/default/jobs", [new() { ["id"] = Job, ["name"] = "secret plan" }])
            .List($"/jobs/{Job}/history", [new() { ["id"] = "r", ["status"] = "Successful" }]);
        await using var session = await server.SessionAsync(options =>
        {
            Directory.CreateDirectory(options.OperatorFolder);
            File.WriteAllText(Policy.PathIn(options.OperatorFolder), """{"deny":["list_jobs","list_job_history","get_job_run"]}""");
            return options;
        }, version: "2025-11-25");

        (await session.CallAsync("list_jobs")).Refused("policy_denied");
        foreach (var uri in (string[])["sync://workspaces/default/jobs", $"sync://jobs/{Job}/history", $"sync://jobs/{Job}/history/r"])
        {
            Assert.Contains("policy_denied", (await Assert.ThrowsAsync<McpProtocolException>(() => session.Client.ReadResourceAsync(uri, cancellationToken: Ct).AsTask())).Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<McpProtocolException>(() => session.Client.SubscribeToResourceAsync(uri, cancellationToken: Ct));
        }

        await Assert.ThrowsAsync<McpProtocolException>(() => session.Client.ListResourcesAsync(cancellationToken: Ct).AsTask());
        var offered = await OfferedAsync(session);
        Assert.DoesNotContain("secret plan", offered);
        Assert.DoesNotContain(server.Requests, request => request.Contains("jobs", StringComparison.Ordinal));
    }

    private static async Task<IList<string>> OfferedAsync(SyncSession session)
    {
        try
        {
            return (await session.Client.CompleteAsync(new ResourceTemplateReference { Uri = "sync://jobs/{job_id}/history" }, "job_id", "", cancellationToken: Ct)).Completion.Values;
        }
        catch (McpProtocolException)
        {
            return []; // refused is as good
        }
    }

    private static Regex Filters(string name) => new($@"ICallFilter\[\] {name} =\s*\[(?<list>[^\]]*)\]", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
}
