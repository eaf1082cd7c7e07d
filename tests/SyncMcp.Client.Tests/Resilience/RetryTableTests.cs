using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Client.Tests.Sending;
using static SyncMcp.Client.Tests.Sending.Replies;

namespace SyncMcp.Client.Tests.Resilience;

/// <summary>The retry table as it is written down (docs/adr/0007) and as it is kept.</summary>
public sealed class RetryTableTests
{
    private static readonly Dictionary<Kind, (int Sends, int Seconds)> Written = Read();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_kind_has_its_line() => Assert.Equal(Enum.GetValues<Kind>().Order(), Written.Keys.Order());

    public static TheoryData<string> Operations() => [.. Catalogue.All.Where(endpoint => !endpoint.Extension).Select(endpoint => endpoint.Name)];

    /// <summary>Turned away with nothing done, each kind is sent as often as its line says at most; 503 to what it may repeat, and silence, are in FaultTests.</summary>
    [Theory]
    [MemberData(nameof(Operations))]
    public async Task No_operation_is_sent_more_often_than_its_line_says(string operation)
    {
        var endpoint = Catalogue.Find(operation)!;
        var time = new FakeTimeProvider();
        var sent = 0;
        await using var server = new StubServer((request, _) =>
        {
            sent += request.Verb == endpoint.Method.Method && request.Path.EndsWith(Members.Last(endpoint), StringComparison.Ordinal) ? 1 : 0;
            return Answer(429, "{}");
        });
        using var client = server.Client(options => options with { Time = time });
        var call = client.SendAsync(endpoint, endpoint.Read(Members.Of(endpoint)), ct: Ct);
        using var tooLong = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await Task.WhenAny(call, Task.Delay(10, tooLong.Token)) != call)
            time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.Equal("rate_limited", (await Assert.ThrowsAsync<SyncApiException>(() => call)).Code);
        Assert.Equal(Written[endpoint.Kind].Sends, sent);
    }

    [Theory]
    [InlineData("get_job", Kind.Read)]
    [InlineData("execute_job", Kind.Execute)]
    [InlineData("test_connection", Kind.Test)]
    [InlineData("create_workspace", Kind.Create)]
    [InlineData("list_connection_tables", Kind.Test)] // reaches a source
    public async Task A_send_waits_as_long_as_its_line_says(string operation, Kind line)
    {
        var endpoint = Catalogue.Find(operation)!;
        var time = new FakeTimeProvider();
        var arrived = new TaskCompletionSource();
        await using var server = new StubServer((request, _) =>
        {
            if (request.Verb != endpoint.Method.Method || !request.Path.EndsWith(Members.Last(endpoint), StringComparison.Ordinal))
                return Answer(403, "{}");
            arrived.TrySetResult();
            return Stall;
        });
        using var client = server.Client(options => options with { Time = time });
        _ = client.SendAsync(endpoint, endpoint.Read(Members.Of(endpoint)), ct: Ct);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        var begun = time.GetUtcNow();
        using var tooLong = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await Task.WhenAny(server.Abandoned.Task, Task.Delay(15, tooLong.Token)) != server.Abandoned.Task)
            time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.InRange(time.GetUtcNow() - begun, TimeSpan.FromSeconds(Written[line].Seconds), TimeSpan.FromSeconds(Written[line].Seconds + 2));
    }

    private static Dictionary<Kind, (int Sends, int Seconds)> Read() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "0007-retry-table.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length > 4 && Enum.TryParse<Kind>(cells[1], out _))
            .ToDictionary(cells => Enum.Parse<Kind>(cells[1]), cells => (int.Parse(cells[2], CultureInfo.InvariantCulture), int.Parse(cells[3], CultureInfo.InvariantCulture)));
}
