using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using static SyncMcp.Client.Tests.Sending.Replies;

namespace SyncMcp.Client.Tests.Sending;

/// <summary>
/// The twelve faults at each of the 77 operations, once, at servers that do as they are told: what the client concludes is the truth, and nothing is done
/// twice. With and without the extras of the embedded engine; where a fault can come before or after the effect, both.
/// </summary>
public sealed class EffectTests
{
    private static readonly (string Name, Reply Reply, bool? Acts)[] Faults =
    [
        ("refused", Reset, false),
        ("reset before headers", Reset, null),
        ("reset after headers", ResetInBody, true),
        ("stall", Stall, null),
        ("429", Answer(429, """{"error":{"message":"slow down"}}"""), false),
        ("500", Answer(500, """{"error":{"message":"oops"}}"""), null),
        ("503", Answer(503, """{"error":{"message":"busy"}}"""), null),
        ("html 200", Text(200, "text/html", "<html><title>Login</title></html>"), null),
        ("cut json", Answer(200, """{"value":[{"id":"""), true),
        ("huge body", Huge, true),
        ("wrong type", Answer(200, "42"), true),
        ("redirect", Text(302, "text/html", "", "Location: http://127.0.0.1:1/"), false),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool> Operations() =>
        [.. Vendors.Select(endpoint => new TheoryDataRow<string, bool>(endpoint.Name, false)),
            .. Vendors.Where(endpoint => !endpoint.Kind.IsReadOnly()).Select(endpoint => new TheoryDataRow<string, bool>(endpoint.Name, true))];

    private static IEnumerable<Endpoint> Vendors => Catalogue.All.Where(endpoint => !endpoint.Extension);

    [Fact]
    public void There_are_twelve_faults_and_77_operations() => Assert.Equal((12, 77), (Faults.Length, Vendors.Count()));

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task What_the_client_concludes_is_true_and_nothing_is_done_twice(string operation, bool ours)
    {
        var endpoint = Catalogue.Find(operation)!;
        var changes = !endpoint.Kind.IsReadOnly() && endpoint.Kind != Kind.Test;
        foreach (var (name, reply, acts) in Faults)
        {
            foreach (var before in acts is { } known ? [known] : (bool[])[false, true])
            {
                await using var truth = new ActingServer(endpoint, ours, name == "refused" ? null : reply, before);
                var end = await CallAsync(endpoint, truth.Start(), ours, refuseOnce: name == "refused");
                var what = $"{operation}, {name} {(before ? "after" : "before")} the effect, {(ours ? "ours" : "other")}: {end}, {truth.Effects} effects, {truth.Sends} sends";

                Assert.True(truth.Effects <= 1, $"DONE TWICE: {what}");
                if (changes)
                    Assert.True(end.Done ? truth.Effects == 1 : end.MayHaveActed || truth.Effects == 0, $"UNTRUE: {what}");
                Assert.True(truth.Sends <= endpoint.Kind switch { Kind.Read => 3, Kind.Execute or Kind.Move or Kind.Reset or Kind.Token => 1, _ => 2 }, $"TOO OFTEN: {what}");
                if (name is "refused" or "429" && endpoint.Kind is not (Kind.Execute or Kind.Move or Kind.Reset or Kind.Token))
                    Assert.True(end.Done, $"GIVEN UP: {what}");
                if (!end.Done)
                    Assert.False(end.MayHaveActed && end.Retryable, $"INVITES A SECOND: {what}");
            }
        }
    }

    private static async Task<End> CallAsync(Endpoint endpoint, StubServer server, bool ours, bool refuseOnce)
    {
        var time = new FakeTimeProvider();
        var refused = 0;
        using var client = server.Client(options => options with
        {
            Time = time,
            // Refuses while the operation itself is sent first; what is read before it has a connection of its own.
            Connect = refuseOnce ? async (context, ct) => context.InitialRequestMessage.Method == endpoint.Method && Interlocked.Exchange(ref refused, 1) == 0
                ? throw new SocketException((int)SocketError.ConnectionRefused)
                : await DialAsync(server, ct) : null,
        });
        if (ours && !refuseOnce)
            await client.SendAsync(Workspaces.WorkspaceEndpoints.Get, (object)new Workspaces.WorkspaceKey { WorkspaceId = "y" }, ct: Ct); // tells what the server can do
        var call = client.SendAsync(endpoint, endpoint.Read(Members.Of(endpoint)), ours ? new() { IdempotencyKey = "k", IfMatch = "\"1\"" } : null, Ct);
        using var tooLong = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!call.IsCompleted)
        {
            await Task.WhenAny(call, Task.Delay(5, tooLong.Token));
            tooLong.Token.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromMilliseconds(1000));
        }

        try
        {
            await call;
            return new(true, false, false, "answer");
        }
        catch (SyncApiException e)
        {
            return new(false, e.MayHaveActed, e.Retryable, e.Code);
        }
    }

    private static async ValueTask<Stream> DialAsync(StubServer server, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Address.Host, server.Address.Port, ct);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private sealed record End(bool Done, bool MayHaveActed, bool Retryable, string Code);
}
