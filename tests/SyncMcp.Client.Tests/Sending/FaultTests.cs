using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using static SyncMcp.Client.Tests.Sending.Replies;

namespace SyncMcp.Client.Tests.Sending;

/// <summary>The twelve faults of reliability.md at every operation: the right code, the right number of sends, nothing done on a guess.</summary>
public sealed class FaultTests
{
    private static readonly Dictionary<string, Reply> Faults = new()
    {
        ["reset"] = Reset,
        ["reset in body"] = ResetInBody,
        ["429"] = Answer(429, """{"error":{"code":"x","message":"slow down"}}"""),
        ["500"] = Answer(500, """{"error":{"code":"x","message":"oops"}}"""),
        ["503"] = Answer(503, """{"error":{"code":"x","message":"busy"}}"""),
        ["html"] = Text(200, "text/html", "<html><title>Login</title></html>"),
        ["cut json"] = Answer(200, """{"value":[{"id":"""),
        ["huge"] = Huge,
        ["wrong type"] = Answer(200, "42"),
        ["redirect"] = Text(302, "text/html", "", "Location: http://127.0.0.1:1/"),
        ["stall"] = Stall,
    };

    public static TheoryData<string, string> Cases() =>
        [.. Catalogue.All.SelectMany(endpoint => Faults.Keys.Append("refused").Select(fault => new TheoryDataRow<string, string>(endpoint.Name, fault)))];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Each_fault_has_its_code_and_its_number_of_sends(string operation, string fault)
    {
        var endpoint = Catalogue.Find(operation)!;
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        // Reads on the way to settle a doubt fail too: then nobody can tell, and nothing is repeated.
        await using var server = new StubServer((request, _) => request.Verb == endpoint.Method.Method && request.Path.EndsWith(Members.Last(endpoint), StringComparison.Ordinal)
            ? Faults.GetValueOrDefault(fault, Reset)
            : Answer(403, "{}"));
        using var client = server.Client(options => options with { Time = time, Server = fault == "refused" ? Nobody() : options.Server });

        var call = client.SendAsync(endpoint, endpoint.Read(Members.Of(endpoint)), ct: TestContext.Current.CancellationToken);
        if (await RanThrough(call, time, TimeSpan.FromMilliseconds(fault == "stall" ? 2000 : 400)) is { } lies)
        {
            // Any body but a page will do as the answer to a delete.
            Assert.True(endpoint.Kind == Kind.Delete && fault is "cut json" or "wrong type", $"took {lies.Body.ToJsonString()} for an answer");
            return;
        }

        var error = await Assert.ThrowsAsync<SyncApiException>(() => call);
        var (code, sends) = Expected(endpoint, fault);
        Assert.Equal((code, operation), (error.Code, error.Operation));
        Assert.Equal(sends, fault == "refused" ? error.Sends : server.Requests.Count(request => request.Verb == endpoint.Method.Method && request.Path.EndsWith(Members.Last(endpoint), StringComparison.Ordinal)));
        Assert.Equal(endpoint.Kind is not (Kind.Read or Kind.Download) && fault is not ("refused" or "429" or "redirect"), error.MayHaveActed);
        if (error.MayHaveActed)
            Assert.False(error.Retryable);
    }

    private static (string Code, int Sends) Expected(Endpoint endpoint, string fault)
    {
        var kind = endpoint.Kind;
        var reads = kind is Kind.Read or Kind.Download;
        var tries = kind switch { Kind.Read => 3, Kind.Download or Kind.Update or Kind.Delete or Kind.Cancel or Kind.Create or Kind.Test => 2, _ => 1 };
        var lost = kind switch { Kind.Read => 3, Kind.Download or Kind.Delete => 2, _ => 1 };
        return fault switch
        {
            "refused" => ("unreachable", tries),
            "429" => ("rate_limited", tries),
            "reset" or "reset in body" => (reads ? "unreachable" : "outcome_unknown", lost),
            "stall" => (reads ? "timeout" : "outcome_unknown", endpoint.ReachesData ? 2 : lost), // 40 s each, 45 s in all
            // The doubt after a failed change or cancel is the last word.
            "500" or "503" => (kind is Kind.Update or Kind.Cancel ? "outcome_unknown" : "server_error", lost),
            _ => ("bad_answer", 1),
        };
    }

    // The answer where the fault is none for the operation; null where it fails. Time runs as fast as the client waits.
    private static async Task<SyncAnswer?> RanThrough(Task<SyncAnswer> call, FakeTimeProvider time, TimeSpan step)
    {
        using var tooLong = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!call.IsCompleted)
        {
            await Task.WhenAny(call, Task.Delay(15, tooLong.Token));
            tooLong.Token.ThrowIfCancellationRequested();
            time.Advance(step);
        }

        return call.IsCompletedSuccessfully ? await call : null;
    }

    private static Uri Nobody()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
    }
}
