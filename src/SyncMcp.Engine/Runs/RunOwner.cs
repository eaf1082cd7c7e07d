namespace SyncMcp.Engine.Runs;

/// <summary>What a run is of: a thing of some kind, by its id.</summary>
/// <param name="Kind">One of the constants here, as the store holds it.</param>
/// <param name="Id">The thing.</param>
internal readonly record struct RunOwner(string Kind, string Id)
{
    public const string JobKind = "job";

    public const string TransformationKind = "transformation";

    public const string PipelineKind = "pipeline";

    public static RunOwner Transformation(string id) => new(TransformationKind, id);

    public static RunOwner Pipeline(string id) => new(PipelineKind, id);

    public static RunOwner Job(string id) => new(JobKind, id);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Id}";
}
