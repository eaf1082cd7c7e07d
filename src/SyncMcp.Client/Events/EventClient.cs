namespace SyncMcp.Client.Events;

/// <summary>Typed doors to <see cref="EventEndpoints"/>.</summary>
public sealed class EventClient(SyncClient sync)
{
    /// <summary>Lists the events of a pipeline.</summary>
    public Task<Listing<PipelineEvent>> ListAsync(ListEvents request, CancellationToken ct = default) => sync.SendAsync(EventEndpoints.List, request, ct: ct);

    /// <summary>Reads one event.</summary>
    public Task<PipelineEvent> GetAsync(EventKey request, CancellationToken ct = default) => sync.SendAsync(EventEndpoints.Get, request, ct: ct);

    /// <summary>Creates an event.</summary>
    public Task<PipelineEvent> CreateAsync(CreateEvent request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(EventEndpoints.Create, request, options, ct);

    /// <summary>Changes an event.</summary>
    public Task<PipelineEvent> UpdateAsync(UpdateEvent request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(EventEndpoints.Update, request, options, ct);

    /// <summary>Deletes an event that no step uses.</summary>
    public Task DeleteAsync(EventKey request, CallOptions? options = null, CancellationToken ct = default) => sync.SendAsync(EventEndpoints.Delete, request, options, ct);
}
