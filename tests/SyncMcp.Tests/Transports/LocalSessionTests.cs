using SyncMcp.Tests.Testing;
using SyncMcp.Transports;

namespace SyncMcp.Tests.Transports;

public sealed class LocalSessionTests
{
    [Fact]
    public async Task A_call_goes_from_client_to_server_and_its_refusal_comes_back()
    {
        await using var session = await SyncSession.StartAsync();

        (await session.CallAsync("list_workspacez")).Refused("unknown_tool");
    }

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-11-25")]
    public async Task A_session_can_speak_an_older_revision(string version)
    {
        await using var session = await SyncSession.StartAsync(version: version);

        Assert.Equal(version, session.Client.NegotiatedProtocolVersion);
    }

    [Fact]
    public async Task A_client_that_does_not_wait_for_the_newest_revision_gets_an_older_one()
    {
        using var folder = new TempFolder();
        var options = new ServerOptions { DataDirectory = folder["data"], OperatorFolder = folder["operator"] };
        var revisions = new HashSet<string?>();
        // Now and then the answer is there before the shortest time has passed.
        for (var i = 0; i < 50 && !revisions.Contains("2025-11-25"); i++)
        {
            await using var session = await LocalSession.StartAsync(options, new() { DiscoverProbeTimeout = TimeSpan.FromTicks(1) }, TestContext.Current.CancellationToken)
                .WaitAsync(SyncSession.Patience, TestContext.Current.CancellationToken);
            revisions.Add(session.Client.NegotiatedProtocolVersion);
            Assert.NotEmpty(await session.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken));
        }

        Assert.Contains("2025-11-25", revisions);
    }
}
