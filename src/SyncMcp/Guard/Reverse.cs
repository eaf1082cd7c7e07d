namespace SyncMcp.Guard;

/// <summary>What was read of a server to know what starts what; each part is read when it is first asked for.</summary>
internal sealed class Reverse
{
    /// <summary>Ids of the workspaces.</summary>
    public List<string>? Workspaces { get; set; }

    /// <summary>Transformations that follow jobs.</summary>
    public List<TransformationState>? Followers { get; set; }

    /// <summary>Pipelines with their steps.</summary>
    public List<PipelineState>? Pipelines { get; set; }

    /// <summary>Those that run by themselves or are running.</summary>
    public List<PipelineState>? Going { get; set; }
}
