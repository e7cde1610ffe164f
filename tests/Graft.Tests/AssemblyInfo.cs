// The live count of tensors is a figure of the whole process, and so is the current folder: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
