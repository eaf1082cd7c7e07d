namespace SyncMcp.Client.Events;

/// <summary>Operations on events, the scripts of pipelines.</summary>
public static class EventEndpoints
{
    /// <summary>GET /pipelines/{pipeline_id}/events</summary>
    public static readonly Endpoint<ListEvents, Listing<PipelineEvent>> List =
        Endpoint.Get<ListEvents, Listing<PipelineEvent>>("list_events", "/pipelines/{pipeline_id}/events", Kind.Read, Tier.Reads,
            "List the events (scripts) of a pipeline: id, name, script, cut. For a whole script use get_event.");

    /// <summary>GET /pipelines/{pipeline_id}/events/{event_id}</summary>
    public static readonly Endpoint<EventKey, PipelineEvent> Get =
        Endpoint.Get<EventKey, PipelineEvent>("get_event", "/pipelines/{pipeline_id}/events/{event_id}", Kind.Read, Tier.Reads, "One event with its script.");

    /// <summary>POST /pipelines/{pipeline_id}/events</summary>
    public static readonly Endpoint<CreateEvent, PipelineEvent> Create =
        Endpoint.Post<CreateEvent, PipelineEvent>("create_event", "/pipelines/{pipeline_id}/events", Kind.Create, Tier.RunsOrArms,
            "Create an event, a script of a pipeline; returns it. It runs where a step of type Event refers to it: create_pipeline_step.");

    /// <summary>PUT /pipelines/{pipeline_id}/events/{event_id}</summary>
    public static readonly Endpoint<UpdateEvent, PipelineEvent> Update =
        Endpoint.Put<UpdateEvent, PipelineEvent>("update_event", "/pipelines/{pipeline_id}/events/{event_id}", Kind.Update, Tier.RunsOrArms,
            "Change an event: only the members given; null clears one. Returns it.", Get);

    /// <summary>DELETE /pipelines/{pipeline_id}/events/{event_id}</summary>
    public static readonly Endpoint<EventKey, Nothing> Delete =
        Endpoint.Delete<EventKey>("delete_event", "/pipelines/{pipeline_id}/events/{event_id}", Kind.Delete, Tier.DestroysPart,
            "Delete an event that no step uses. To take it out of runs only use update_pipeline_step.", Get);

    /// <summary>All of them, in the order of the docs.</summary>
    public static IReadOnlyList<Endpoint> All { get; } = [List, Get, Create, Update, Delete];
}
