using SyncMcp.Tests.Testing;

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
}
