using SyncMcp.Client.Connections;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Pipelines;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>One change or run at a time on one server, over all windows.</summary>
public sealed class TurnTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Another_window_waits_until_the_turn_ends_and_another_server_does_not()
    {
        var ct = TestContext.Current.CancellationToken;
        var first = await Window("here").TakeAsync(mayMeet: false, ct);
        using (await Window("there").TakeAsync(mayMeet: false, ct))
        {
            var second = Window("here").TakeAsync(mayMeet: false, ct);
            await Assert.ThrowsAsync<TimeoutException>(() => second.WaitAsync(TimeSpan.FromMilliseconds(100), ct));
            first.Dispose();
            (await second.WaitAsync(SyncSession.Patience, ct)).Dispose();
        }
    }

    [Fact]
    public async Task Runs_meet_each_other_and_no_change()
    {
        var ct = TestContext.Current.CancellationToken;
        var first = await Window("here").TakeAsync(mayMeet: true, ct);
        using (await Window("here").TakeAsync(mayMeet: true, ct))
        {
            var change = Window("here").TakeAsync(mayMeet: false, ct);
            first.Dispose();
            await Assert.ThrowsAsync<TimeoutException>(() => change.WaitAsync(TimeSpan.FromMilliseconds(100), ct));
        }

        using var turn = await Window("here").TakeAsync(mayMeet: false, ct).WaitAsync(SyncSession.Patience, ct);
        await Assert.ThrowsAsync<TimeoutException>(() => Window("here").TakeAsync(mayMeet: true, ct).WaitAsync(TimeSpan.FromMilliseconds(100), ct));
        Assert.True(Turns.MayMeet(JobEndpoints.Execute));
        Assert.False(Turns.MayMeet(JobEndpoints.Update));
    }

    [Fact]
    public async Task Who_waits_can_be_called_off()
    {
        using var turn = await Window("here").TakeAsync(mayMeet: false, TestContext.Current.CancellationToken);
        using var stop = new CancellationTokenSource();
        var waiting = Window("here").TakeAsync(mayMeet: false, stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public void Stopping_a_run_deleting_a_whole_and_reading_never_wait()
    {
        Assert.False(Turns.Concern(JobEndpoints.Cancel));
        Assert.False(Turns.Concern(PipelineEndpoints.Cancel));
        Assert.False(Turns.Concern(PipelineEndpoints.Delete));
        Assert.False(Turns.Concern(ConnectionEndpoints.Tables));
        Assert.True(Turns.Concern(PipelineEndpoints.DeleteStep));
        Assert.True(Turns.Concern(ConnectionEndpoints.Update));
        Assert.True(Turns.Concern(JobEndpoints.Execute));
    }

    private Turns Window(string origin) => new(new(folder["operator"]), origin);
}
