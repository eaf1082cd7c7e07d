namespace SyncMcp.Diagnosis;

/// <summary>A cause that a run's texts give evidence of.</summary>
/// <param name="Cause">What is wrong.</param>
/// <param name="Evidence">The lines that say so, as they came: others' words, at most three.</param>
/// <param name="Times">How many lines say so.</param>
internal sealed record Finding(Cause Cause, IReadOnlyList<string> Evidence, int Times);
