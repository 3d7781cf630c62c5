// Stands for a package of the viewer that no page uses: pictures in the form of Zarr.
export {};
