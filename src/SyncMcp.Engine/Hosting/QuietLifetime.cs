using Microsoft.Extensions.Hosting;

namespace SyncMcp.Engine.Hosting;

/// <summary>Leaves signals and the console to the program that hosts the engine; the framework's own lifetime would take both.</summary>
internal sealed class QuietLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
