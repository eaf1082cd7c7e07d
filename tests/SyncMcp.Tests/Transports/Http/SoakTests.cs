using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Transports.Http;

/// <summary>
/// Many clients at once, with sessions and without, who call and give up: every answer reaches the one who asked, and nothing stays behind in memory. A
/// small number here; .ci/proof sessions has 500 for five minutes.
/// </summary>
public sealed class SoakTests
{
    [Fact]
    public async Task Every_client_gets_its_own_answers_and_the_heap_stays_level()
    {
        var full = Number("SYNCMCP_SESSIONS");
        var (count, seconds) = (full ?? 24, Number("SYNCMCP_SECONDS") ?? 5);
        var ct = TestContext.Current.CancellationToken;
        await using var upstream = await UpstreamAsync();
        await using var server = await SoakServer.StartAsync(new(upstream.Urls.Single()));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, MaxConnectionsPerServer = 5_000, PooledConnectionIdleTimeout = TimeSpan.FromMinutes(10) }) { Timeout = TimeSpan.FromSeconds(60) };
        var clients = Enumerable.Range(1, count).Select(number => new SoakClient(http, server.Address, number, stateless: number % 4 == 0)).ToList();
        await Parallel.ForEachAsync(clients, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = ct }, async (client, token) => await client.BeginAsync(token));

        await RunAsync(clients, TimeSpan.FromSeconds(seconds / 5.0), ct);
        var early = await server.HeapAsync();
        await RunAsync(clients, TimeSpan.FromSeconds(seconds * 4 / 5.0), ct);
        var late = await server.HeapAsync();

        var said = string.Create(CultureInfo.InvariantCulture,
            $"{count} clients for {seconds} s: {clients.Sum(client => client.Right)} right, {clients.Sum(client => client.Wrong.Count)} wrong, {clients.Sum(client => client.GivenUp)} given up, {clients.Sum(client => client.Busy)} told to come back; heap {early / 1024} kB after a fifth, {late / 1024} kB at the end ({(late - early) / 1024:+0;-0} kB)");
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        Assert.True(clients.TrueForAll(client => client.Wrong.Count == 0), said + "\n" + string.Join('\n', clients.SelectMany(client => client.Wrong).Take(5)));
        Assert.True(clients.Sum(client => client.GivenUp) > 0 && clients.TrueForAll(client => client.Right > 0), said);
        Assert.True(late - early < (full is null ? 8 : 1) * 1024 * 1024, said); // within seconds the heap has not found its level
        await Parallel.ForEachAsync(clients, ct, async (client, token) => await client.EndAsync(token));
    }

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    // Each thinks between its steps, as people and models do.
    private static async Task RunAsync(List<SoakClient> clients, TimeSpan time, CancellationToken ct)
    {
        var begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(clients.Select(async client =>
        {
            while (Stopwatch.GetElapsedTime(begun) < time)
            {
                await client.StepAsync(ct);
                await Task.Delay(Random.Shared.Next(clients.Count, 3 * clients.Count), ct);
            }
        }));
    }

    // A Sync server that knows every job, and is slow with connections.
    private static async Task<WebApplication> UpstreamAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async context =>
        {
            var id = context.Request.Path.Value!.Split('/')[^1];
            if (context.Request.Path.Value.Contains("/connections/", StringComparison.Ordinal))
                await Task.Delay(TimeSpan.FromMilliseconds(80), context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync($$"""{"id":"{{id}}","name":"name of {{id}}"}""", CancellationToken.None);
        });
        await app.StartAsync();
        return app;
    }
}
